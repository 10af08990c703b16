using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Smxp.Client;

namespace Smxp.Host.Cli;

/// <summary><c>bridge ledger|trace|merge|split</c>: what happened to mail, and conversations put right, as the bridge to email answers it.</summary>
internal static class MailCommands
{
    private const string Bridge = "email";

    public static Command Ledger()
    {
        var mailbox = OptionalMailbox();
        var direction = new Option<string?>("--direction") { Description = "Only in, out or relay." };
        direction.AcceptOnlyFromAmong("in", "out", "relay");
        var outcome = new Option<string?>("--outcome") { Description = "Only what ended so." };
        outcome.AcceptOnlyFromAmong("accepted", "duplicate", "refused", "reported", "sent", "waiting", "failed");
        var after = new Option<string?>("--after") { Description = "Go on where an earlier page ended." };
        return AdminCommand.Create("ledger", "List the mail that came and went, newest first.", async (parsed, client, cancel) =>
        {
            (string, string?)[] query =
                [("mailbox", parsed.GetValue(mailbox)), ("direction", parsed.GetValue(direction)), ("outcome", parsed.GetValue(outcome)), ("after", parsed.GetValue(after))];
            var answer = await client.Admin.Bridges.AskAsync(Bridge, HttpMethod.Get, "ledger", query, null, cancel);
            var rows = answer.GetProperty("crossings").EnumerateArray().Select(IReadOnlyList<string> (line) =>
                [When(line), Text(line, "direction"), Text(line, "outcome"), Text(line, "from"), Text(line, "to"), Text(line, "id"), Text(line, "reply")]);
            return Answer.Table(answer, new Listing(["Time", "Way", "Outcome", "From", "To", "Message", "Last words"], rows)) with
            {
                Note = answer.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.String ? $"There are more: --after {next}" : null,
            };
        }, mailbox, direction, outcome, after);
    }

    public static Command Trace()
    {
        var name = new Argument<string>("id") { Description = "The message's id, or a mail's Message-ID." };
        var mailbox = OptionalMailbox();
        return AdminCommand.Create("trace", "Tell the story of one message.", async (parsed, client, cancel) =>
        {
            string asked = parsed.GetRequiredValue(name).Trim('<', '>');
            var answer = await client.Admin.Bridges.AskAsync(Bridge, HttpMethod.Get, $"trace/{asked}", [("mailbox", parsed.GetValue(mailbox))], null, cancel);
            return Answer.Of(answer, [.. answer.GetProperty("traces").EnumerateArray().SelectMany(Story)]);
        }, name, mailbox);
    }

    public static Command Merge()
    {
        var (mailbox, conversation) = (Mailbox(), new Argument<string>("conversation") { Description = "The conversation that ends." });
        var into = new Argument<string>("into") { Description = "The conversation it becomes part of." };
        return AdminCommand.Create("merge", "Make two conversations of a mailbox one.", async (parsed, client, cancel) =>
        {
            var request = new { mailbox = parsed.GetRequiredValue(mailbox), conversation = parsed.GetRequiredValue(conversation), into = parsed.GetRequiredValue(into) };
            return Moved(await client.Admin.Bridges.AskAsync(Bridge, HttpMethod.Post, "conversations/merge", JsonSerializer.SerializeToElement(request), cancel));
        }, mailbox, conversation, into);
    }

    public static Command Split()
    {
        var (mailbox, messages) = (Mailbox(), new Argument<string[]>("message") { Description = "The messages' ids.", Arity = ArgumentArity.OneOrMore });
        var conversation = new Option<string?>("--conversation") { Description = "The conversation they become; a new one where none is named." };
        return AdminCommand.Create("split", "Take messages out of a conversation of a mailbox.", async (parsed, client, cancel) =>
        {
            var request = new { mailbox = parsed.GetRequiredValue(mailbox), messages = parsed.GetRequiredValue(messages), conversation = parsed.GetValue(conversation) };
            return Moved(await client.Admin.Bridges.AskAsync(Bridge, HttpMethod.Post, "conversations/split", JsonSerializer.SerializeToElement(request), cancel));
        }, mailbox, messages, conversation);
    }

    private static Argument<string> Mailbox() => new("mailbox") { Description = "The mailbox, an address." };

    private static Option<string?> OptionalMailbox() => new("--mailbox") { Description = "The mailbox, an address." };

    private static IEnumerable<string> Story(JsonElement trace) =>
        trace.GetProperty("story").EnumerateArray().Select(static line => line.GetString()!).Prepend(Text(trace, "mailbox") is { Length: > 0 } mailbox ? $"In the mailbox of {mailbox}:" : "Beyond the mailboxes here:").Append("");

    private static Answer Moved(JsonElement answer)
    {
        int moved = answer.GetProperty("moved").GetInt32();
        return Answer.Of(answer, moved == 0 ? "Everything lies there already." : $"{moved.ToString(CultureInfo.InvariantCulture)} {(moved == 1 ? "message lies" : "messages lie")} in {Text(answer, "conversation_id")} now.");
    }

    private static string When(JsonElement line) => DateTimeOffset.FromUnixTimeSeconds(line.GetProperty("at").GetInt64()).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.ToString() : "";
}
