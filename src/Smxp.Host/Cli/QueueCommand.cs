using System.CommandLine;
using System.Globalization;
using Smxp.Client;
using Smxp.Client.Admin;

namespace Smxp.Host.Cli;

/// <summary><c>queue list|destinations|show|retry|drop</c>: what waits to leave a running server.</summary>
internal static class QueueCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The entry's id, as 'queue list' shows it." };
        var ids = new Argument<string[]>("id") { Description = "The entries' ids, as 'queue list' shows them.", Arity = ArgumentArity.OneOrMore };
        var optionalId = new Argument<string?>("id") { Description = "One entry's id.", Arity = ArgumentArity.ZeroOrOne };
        var destination = new Option<string?>("--destination") { Description = "Only what waits for this destination, e.g. example.com." };
        var all = new Option<bool>("--all") { Description = "Everything." };
        var state = new Option<string?>("--state") { Description = "Only what is due, comes later, is being worked on, or is parked." };
        state.AcceptOnlyFromAmong("due", "later", "working", "parked");
        var after = new Option<string?>("--after") { Description = "Only what comes after this id." };
        var limit = new Option<int>("--limit") { Description = "How many at most.", DefaultValueFactory = _ => 50 };
        return new Command("queue", "What waits to leave a running server.")
        {
            AdminCommand.Create("list", "List what waits, oldest first.",
                (parsed, client, cancel) => ListAsync(client, new QueueQuery { Destination = parsed.GetValue(destination), State = parsed.GetValue(state), After = parsed.GetValue(after), Limit = parsed.GetValue(limit) }, cancel),
                destination, state, after, limit),
            AdminCommand.Create("destinations", "Count what waits, by destination.", (_, client, cancel) => CountAsync(client, cancel)),
            AdminCommand.Create("show", "Show one entry.", (parsed, client, cancel) => ShowAsync(client, parsed.GetRequiredValue(id), cancel), id),
            AdminCommand.Create("retry", "Try one entry now, all of a destination, or all there are.",
                (parsed, client, cancel) => RetryAsync(client, parsed.GetValue(optionalId), parsed.GetValue(destination), parsed.GetValue(all), cancel), optionalId, destination, all),
            AdminCommand.Create("drop", "Give entries up; their senders are told.", (parsed, client, cancel) => DropAsync(client, parsed.GetRequiredValue(ids), cancel), ids),
        };
    }

    private static async Task<Answer> ListAsync(SmxpClient client, QueueQuery query, CancellationToken cancellationToken)
    {
        var page = await client.Admin.Queue.ListAsync(query, cancellationToken);
        var rows = page.Entries.Select(IReadOnlyList<string> (each) =>
            [each.Id, each.MessageId, each.Recipient, each.Destination, Number(each.Attempts), NextAttempt(each), each.LastError ?? ""]);
        return Answer.Table(page, new Listing(["Id", "Message", "Recipient", "Destination", "Attempts", "Next attempt", "Last error"], rows)) with
        {
            Note = page.HasMore ? $"There are more: --after {page.Entries[^1].Id}" : null,
        };
    }

    private static async Task<Answer> CountAsync(SmxpClient client, CancellationToken cancellationToken)
    {
        var counts = await client.Admin.Queue.CountAsync(cancellationToken);
        var rows = counts.Destinations.Select(IReadOnlyList<string> (each) => [each.Destination, Number(each.Entries), Span(Now - each.OldestAt), each.NextDueAt switch { null => "parked", var due when due <= Now => "now", var due => $"in {Span(due.Value - Now)}" }]);
        return Answer.Table(counts, new Listing(["Destination", "Entries", "Oldest", "Next attempt"], rows));
    }

    private static async Task<Answer> ShowAsync(SmxpClient client, string id, CancellationToken cancellationToken)
    {
        var entry = await client.Admin.Queue.GetAsync(id, cancellationToken);
        return Answer.Of(
            entry,
            $"Id            {entry.Id}",
            $"Message       {entry.MessageId}",
            $"Sender        {entry.Sender ?? "(a forward: nobody is told)"}",
            $"Recipient     {entry.Recipient}",
            $"Destination   {entry.Destination}",
            $"Way           {entry.Transport ?? "chosen at each attempt"}",
            $"Waiting for   {Span(Now - entry.CreatedAt)}",
            $"Attempts      {entry.Attempts}",
            $"Next attempt  {NextAttempt(entry)}",
            $"Given up      {DateTimeOffset.FromUnixTimeSeconds(entry.ExpiresAt).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC",
            $"Last error    {entry.LastError ?? "none yet"}");
    }

    private static async Task<Answer> RetryAsync(SmxpClient client, string? id, string? destination, bool all, CancellationToken cancellationToken)
    {
        if ((id is null ? 0 : 1) + (destination is null ? 0 : 1) + (all ? 1 : 0) != 1) throw new UsageException("Give an id, --destination or --all: one of them.");
        if (id is null)
        {
            int entries = await client.Admin.Queue.RetryAllAsync(destination, cancellationToken);
            return Answer.Of(new { Status = "due", Entries = entries }, $"{entries} {(entries == 1 ? "entry is" : "entries are")} tried now.");
        }

        await client.Admin.Queue.RetryAsync(id, cancellationToken);
        return Answer.Of(new { Status = "due", Entries = 1 }, $"{id} is tried now.");
    }

    private static async Task<Answer> DropAsync(SmxpClient client, string[] ids, CancellationToken cancellationToken)
    {
        foreach (string id in ids) await client.Admin.Queue.DropAsync(id, cancellationToken);
        return Answer.Of(new { Status = "dropped", Ids = ids }, [.. ids.Select(id => $"{id} is given up, and its sender told.")]);
    }

    private static string NextAttempt(QueueEntry entry) => entry.State switch
    {
        "working" => "under way",
        "due" => "now",
        "parked" => "parked",
        _ => $"in {Span((entry.DueAt ?? Now) - Now)}",
    };

    private static string Span(long seconds) => seconds switch
    {
        < 60 => $"{Math.Max(0, seconds)} s",
        < 3600 => $"{seconds / 60} min",
        < 172_800 => $"{seconds / 3600} h {seconds % 3600 / 60} min",
        _ => $"{seconds / 86_400} days",
    };

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
