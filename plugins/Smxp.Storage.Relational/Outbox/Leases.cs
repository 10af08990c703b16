using System.Data.Common;
using System.Globalization;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>Which entries a node takes. Runs in a write transaction, so no two nodes take the same.</summary>
internal static class Leases
{
    private const string CountHeld = "SELECT destination, count(*) FROM outbox WHERE leased_by = @p0 AND leased_until > @p1 GROUP BY destination";
    private const string FindFree = "SELECT destination, id FROM outbox WHERE free_at <= @p0 ORDER BY free_at";
    // What was taken before it is due, or parked, is no more due for that when its lease ends.
    private const string Lease = "UPDATE outbox SET leased_by = @p1, leased_until = @p2, free_at = CASE WHEN due_at > @p2 THEN due_at ELSE @p2 END WHERE id = @p0";
    private const string IsHeld = "SELECT CASE WHEN leased_by IS NOT NULL AND leased_until > @p1 THEN 1 ELSE 0 END FROM outbox WHERE id = @p0";

    public static IReadOnlyList<OutboxEntry> Take(Statements statements, string node, long now, long until, int limit, int perDestination)
    {
        List<string> chosen = Choose(statements, now, limit, perDestination, Held(statements, node, now));
        foreach (string id in chosen) statements[Lease].Execute(id, node, until);
        return [.. chosen.Select(id => OutboxReader.Read(statements, id)).OrderBy(static entry => entry.DueAt).ThenBy(static entry => entry.Id, StringComparer.Ordinal)];
    }

    /// <summary>Takes one entry, whenever it is due.</summary>
    public static TakeResult Take(Statements statements, string id, string node, long now, long until)
    {
        using (DbDataReader row = statements[IsHeld].Read(id, now))
        {
            if (!row.Read()) return new TakeResult(TakeKind.NotFound);
            if (Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture) != 0) return new TakeResult(TakeKind.Working);
        }

        statements[Lease].Execute(id, node, until);
        return new TakeResult(TakeKind.Taken, OutboxReader.Read(statements, id));
    }

    private static Dictionary<string, int> Held(Statements statements, string node, long now)
    {
        var held = new Dictionary<string, int>(StringComparer.Ordinal);
        using DbDataReader row = statements[CountHeld].Read(node, now);
        while (row.Read()) held.Add(row.GetString(0), row.GetInt32(1));
        return held;
    }

    // Reads along the index and stops when there are enough; what a full destination leaves behind is skipped, and waits for its turn.
    private static List<string> Choose(Statements statements, long now, int limit, int perDestination, Dictionary<string, int> held)
    {
        var chosen = new List<string>();
        using DbDataReader row = statements[FindFree].Read(now);
        while (chosen.Count < limit && row.Read())
        {
            string destination = row.GetString(0);
            int count = held.GetValueOrDefault(destination);
            if (count >= perDestination) continue;
            held[destination] = count + 1;
            chosen.Add(row.GetString(1));
        }

        return chosen;
    }
}
