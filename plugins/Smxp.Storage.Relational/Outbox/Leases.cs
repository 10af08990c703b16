using LinqToDB;
using LinqToDB.Data;
using Smxp.Plugins.Storage;
using Smxp.Storage.Relational.Messages;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>Which entries a node takes. Runs in a write transaction, so no two nodes take the same.</summary>
internal static class Leases
{
    public static IReadOnlyList<OutboxEntry> Take(DataConnection data, string node, long now, long until, int limit, int perDestination)
    {
        Dictionary<string, int> held = data.GetTable<OutboxRow>().Where(row => row.LeasedBy == node && row.LeasedUntil > now)
            .GroupBy(row => row.Destination).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionary(static group => group.Key, static group => group.Count);
        List<string> chosen = Choose(data, now, limit, perDestination, held);
        if (chosen.Count == 0) return [];
        data.GetTable<OutboxRow>().Where(row => chosen.Contains(row.Id))
            .Set(row => row.LeasedBy, node)
            .Set(row => row.LeasedUntil, until)
            .Set(row => row.FreeAt, until)
            .Update();
        var taken =
            from row in data.GetTable<OutboxRow>()
            join envelope in data.GetTable<EnvelopeRow>() on row.EnvelopeNo equals envelope.EnvelopeNo
            where chosen.Contains(row.Id)
            orderby row.DueAt, row.Id
            select new { row, envelope.Bytes };
        return [.. taken.AsEnumerable().Select(static pair => OutboxReader.Entry(pair.row, pair.Bytes))];
    }

    // Reads along the index and stops when there are enough; what a full destination leaves behind is skipped, and waits for its turn.
    private static List<string> Choose(DataConnection data, long now, int limit, int perDestination, Dictionary<string, int> held)
    {
        var chosen = new List<string>();
        string[] full = [.. held.Where(pair => pair.Value >= perDestination).Select(static pair => pair.Key)];
        var due = data.GetTable<OutboxRow>()
            .Where(row => row.FreeAt <= now && !full.Contains(row.Destination))
            .OrderBy(row => row.FreeAt)
            .Select(row => new { row.Id, row.Destination });
        foreach (var row in due)
        {
            if (chosen.Count == limit) break;
            int count = held.GetValueOrDefault(row.Destination);
            if (count >= perDestination) continue;
            held[row.Destination] = count + 1;
            chosen.Add(row.Id);
        }

        return chosen;
    }
}
