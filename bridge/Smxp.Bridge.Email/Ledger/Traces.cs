using Smxp.Bridge.Email.Threads;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>All that is known of one message or mail in one mailbox, or (null) beyond the mailboxes here.</summary>
internal sealed record Trace(Address? Mailbox, MailboxEntry? Entry, MailRecord? Mail, IReadOnlyList<Crossing> Crossings, IReadOnlyList<Answered> Answers);

/// <summary>An answer that a mailbox sent to a message, with the ways it took.</summary>
internal sealed record Answered(MailboxEntry Entry, IReadOnlyList<Crossing> Crossings);

/// <summary>Gathers what there is about a message by its id or by a Message-ID: the mailbox's entry, the mail's record, the ledger's lines, the answers.</summary>
internal sealed class Traces(IMailboxes mailboxes, MailRecords mails, CrossingLedger ledger)
{
    // What was turned away has no id to look it up by, so the newest lines are looked through for its Message-ID.
    private const int MostLines = 5000;
    private const int MostAnswers = 20;

    // A line of a mail in is dated by the bridge, the message by the corridor a moment later; many lines may have come between.
    private const int SecondsBefore = 300;
    private const int SecondsAfter = 5;

    /// <summary>What is known under this id in a mailbox; null where that is nothing.</summary>
    public async Task<Trace?> FindAsync(Address mailbox, string name, CancellationToken cancellationToken)
    {
        string id = await ResolveAsync(mailbox, name, cancellationToken);
        var entry = await mailboxes.FindAsync(mailbox, id, cancellationToken);
        var crossings = await CrossingsAsync(mailbox, id, MessageIds.Normalize(name), entry, cancellationToken);
        if (entry is null && crossings.Count == 0) return null;
        var mail = entry is null ? null : await mails.GetAsync(mailbox, id, cancellationToken);
        return new Trace(mailbox, entry, mail, crossings, entry is null ? [] : await AnswersAsync(entry, cancellationToken));
    }

    /// <summary>The same, in whichever mailboxes know it, and in the bridge's own lines.</summary>
    public async IAsyncEnumerable<Trace> FindAllAsync(string name, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var mailbox in ledger.BoxesAsync(cancellationToken))
        {
            string id = await ResolveAsync(mailbox, name, cancellationToken);
            if (await mailboxes.FindAsync(mailbox, id, cancellationToken) is not null && await FindAsync(mailbox, name, cancellationToken) is { } trace) yield return trace;
        }

        if (await FindBeyondAsync(name, cancellationToken) is { } beyond) yield return beyond;
    }

    // What went on without lying in a mailbox here: relayed mail, mail of puppets and for them, messages that were carried to a legacy server.
    private async Task<Trace?> FindBeyondAsync(string name, CancellationToken cancellationToken)
    {
        string? messageId = MessageIds.Normalize(name);
        string id = messageId is null ? name : MessageIds.MessageOf(messageId) ?? name;
        var crossings = await CrossingsAsync(null, id, messageId, null, cancellationToken);
        return crossings.Count == 0 ? null : new Trace(null, null, null, crossings, []);
    }

    // A Message-ID is a foreign one that became a message, or ours, which says which message it is; anything else is an id.
    private async Task<string> ResolveAsync(Address mailbox, string name, CancellationToken cancellationToken)
    {
        if (MessageIds.Normalize(name) is not { } messageId || !messageId.Contains('@', StringComparison.Ordinal)) return name;
        return (await mails.FindAsync(mailbox, messageId, cancellationToken))?.Id ?? MessageIds.MessageOf(messageId) ?? name;
    }

    private async Task<IReadOnlyList<Crossing>> CrossingsAsync(Address? mailbox, string id, string? messageId, MailboxEntry? entry, CancellationToken cancellationToken)
    {
        var found = new List<Crossing>();
        string? from = entry is null ? null : CrossingKey.From(entry.CreatedAt + SecondsAfter);
        await foreach (var (_, crossing) in ledger.ReadAsync(mailbox, from, cancellationToken).Take(entry is null ? MostLines : int.MaxValue))
        {
            if (entry is not null && crossing.At < entry.CreatedAt - SecondsBefore) break;
            // A report is told with the message it speaks of, or where its own Message-ID is asked for.
            if ((crossing.Id == id && crossing.Outcome != CrossingOutcome.Reported) || (messageId is not null && crossing.MessageId == messageId)) found.Add(crossing);
        }

        found.Reverse();
        return found;
    }

    private async Task<IReadOnlyList<Answered>> AnswersAsync(MailboxEntry entry, CancellationToken cancellationToken)
    {
        var answers = new List<Answered>();
        var later = await mailboxes.QueryAsync(
            new MailboxQuery { Mailbox = entry.Mailbox, ConversationId = entry.ConversationId, Direction = Direction.Out, After = entry.Sequence, OldestFirst = true, Limit = 100 }, cancellationToken);
        foreach (var answer in later.Entries.Where(answer => answer.Envelope?.Envelope.InReplyTo == entry.Id).Take(MostAnswers))
            answers.Add(new Answered(answer, await CrossingsAsync(entry.Mailbox, answer.Id, null, answer, cancellationToken)));
        return answers;
    }
}
