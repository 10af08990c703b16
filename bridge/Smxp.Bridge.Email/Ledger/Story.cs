using System.Globalization;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>Tells a trace in plain words, one sentence a line. Pure.</summary>
internal static class Story
{
    private const string Checks = "Authentication-Results:";

    public static IReadOnlyList<string> Tell(Trace trace)
    {
        var lines = new List<string>();
        foreach (var crossing in trace.Crossings.Where(static crossing => crossing.Direction == CrossingDirection.In)) TellArrival(lines, crossing, trace);
        if (trace.Entry is { } entry) TellEntry(lines, entry, trace);
        foreach (var crossing in trace.Crossings.Where(static crossing => crossing.Direction != CrossingDirection.In))
        {
            if (trace.Mailbox is null) lines.Add(Origin(crossing));
            TellDeparture(lines, crossing);
        }

        foreach (var answer in trace.Answers)
        {
            lines.Add($"It was answered on {When(answer.Entry.CreatedAt)} by message {answer.Entry.Id} to {answer.Entry.Envelope?.Envelope.To}, which {StateOf(answer.Entry)}.");
            foreach (var crossing in answer.Crossings) TellDeparture(lines, crossing);
        }

        return lines;
    }

    private static void TellArrival(List<string> lines, Crossing crossing, Trace trace)
    {
        string client = crossing.Client is { } noted ? $", brought by {noted}" : trace.Mail is { } mail ? $", {Received(mail.Trace)}" : "";
        lines.Add($"A mail by {crossing.From} for {crossing.To} came on {When(crossing.At)}{client}. Its Message-ID: {(crossing.MessageId is { } id ? $"<{id}>" : "none that could be read")}.");
        switch (crossing.Outcome)
        {
            case CrossingOutcome.Duplicate:
                lines.Add($"{(trace.Mailbox is null ? "It had come" : "The mailbox had it")} already, so nothing was stored again; its sender was told 250.");
                return;
            case CrossingOutcome.Refused:
                lines.Add($"It was not taken. Its sender was told: {crossing.Reply}.");
                return;
            case CrossingOutcome.Reported:
                lines.Add($"It became no message, for it speaks of message {crossing.Id}, which had left here: {crossing.Reply}.");
                return;
        }

        if (trace.Mail is { } known) lines.Add(CheckedBy(known.Trace) is { } results ? $"What was found out about its origin: {results}." : "Nobody asked whether it is from whom it says.");
        else if (trace.Mailbox is null) lines.Add("Its recipient is elsewhere, so it went on.");
        lines.Add($"It was accepted (250) and became message {crossing.Id}.");
        if (crossing.Became is { Count: > 0 } became) lines.Add($"What became of it: {string.Join("; ", became)}.");
        if (crossing.ConversationId is { } conversation) lines.Add($"It was put into conversation {conversation}, because {crossing.Evidence}.");
        foreach (var news in crossing.Heard ?? [])
            lines.Add(news.Outcome == CrossingOutcome.Sent ? $"On {When(news.At)} its recipient's server took it." : $"On {When(news.At)} it was given up: {news.Reply}.");
    }

    private static string Origin(Crossing crossing) => crossing.Direction == CrossingDirection.Relay
        ? $"A mail by {crossing.From ?? "nobody (a notification)"} came on {When(crossing.At)}, to be passed on as it is."
        : $"Message {crossing.Id} by {crossing.From} came on {When(crossing.At)}, to go on by email.";

    private static void TellEntry(List<string> lines, MailboxEntry entry, Trace trace)
    {
        if (entry.Direction == Direction.Out)
            lines.Add($"Message {entry.Id} by {entry.Envelope?.Envelope.From} to {entry.Envelope?.Envelope.To} was sent on {When(entry.CreatedAt)}, by {entry.Transport}; it {StateOf(entry)}.");
        else if (trace.Crossings.Count == 0)
            lines.Add($"Message {entry.Id} by {entry.Envelope?.Envelope.From} came on {When(entry.CreatedAt)}, by {entry.Transport}; the ledger has no line about it (any more).");
        if (entry.Envelope is { } envelope && entry.ConversationId != envelope.Envelope.ConversationId)
            lines.Add($"It lies in conversation {entry.ConversationId} now: conversations were merged or split since.");
        if (entry.Direction == Direction.In) lines.Add(entry.ReadStatus == 0 ? "It is unread." : entry.ReadStatus == 1 ? "It was read." : "It was read, and its sender told.");
        if (entry.EditedBy is { } edit) lines.Add($"Its author changed it, by {edit}.");
        if (entry.Deleted) lines.Add("Its author took it back.");
    }

    private static void TellDeparture(List<string> lines, Crossing crossing)
    {
        lines.Add($"It left as mail {(crossing.MessageId is { } id ? $"<{id}> " : "")}for {crossing.To}{(crossing.Became is { Count: > 0 } became ? $": {string.Join("; ", became)}" : "")}.");
        int number = 0;
        foreach (var attempt in crossing.Attempts ?? [])
        {
            string outcome = attempt.Outcome switch { CrossingOutcome.Sent => "was accepted", CrossingOutcome.Failed => "was refused for good", _ => "did not succeed" };
            lines.Add($"Attempt {(++number).ToString(CultureInfo.InvariantCulture)}, on {When(attempt.At)}, {outcome}{(attempt.Reply is { } reply ? $": {reply}" : "")}.");
        }

        if (crossing.EndedAt is { } ended) lines.Add($"It was given up on {When(ended)}: {crossing.Reply}.");
        foreach (var news in crossing.Heard ?? [])
        {
            string what = news.Outcome switch { CrossingOutcome.Failed => "it could not be delivered", CrossingOutcome.Waiting => "it is late", _ => "it arrived" };
            lines.Add($"A notification that came on {When(news.At)} said that {what}: {news.Reply}.");
        }
    }

    private static string StateOf(MailboxEntry entry) => entry.Status switch
    {
        SendStatus.Sent => entry.ReadStatus == 2 ? "was delivered and read" : "was delivered",
        SendStatus.Failed => $"failed: {entry.Error}",
        _ => entry.Error is { } error ? $"waits, because of: {error}" : "waits to be sent",
    };

    // The second line of the trace, up to the date, which is told already.
    private static string Received(string trace)
    {
        string unfolded = Unfold(trace);
        int start = unfolded.IndexOf("Received: from ", StringComparison.Ordinal);
        if (start < 0) return "";
        string line = unfolded[(start + "Received: ".Length)..];
        return line[..line.IndexOfAny([';', '\n'])];
    }

    private static string? CheckedBy(string trace)
    {
        string? line = Unfold(trace).Split('\n').FirstOrDefault(static line => line.StartsWith(Checks, StringComparison.OrdinalIgnoreCase));
        return line?[Checks.Length..].Trim();
    }

    private static string Unfold(string trace) => trace.Replace("\r\n\t", " ", StringComparison.Ordinal).Replace("\r\n ", " ", StringComparison.Ordinal).ReplaceLineEndings("\n");

    private static string When(long at) => DateTimeOffset.FromUnixTimeSeconds(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}
