using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Threads;

/// <summary>What an outgoing mail says of its thread.</summary>
/// <param name="References">The Message-IDs of its ancestors, oldest first; the last is the one answered. Empty for the first of a thread.</param>
/// <param name="Subject">The subject of the message answered; null where there is none.</param>
internal sealed record OutgoingThread(IReadOnlyList<string> References, string? Subject)
{
    public static OutgoingThread None { get; } = new([], null);
}

/// <summary>Finds the ancestors of an outgoing message in its sender's mailbox (RFC 5322 §3.6.4): ours by rule, foreign ones as they were noted when they came.</summary>
internal sealed class ThreadHeaders(IMailboxes mailboxes, MailRecords mails, GroupMails groups) : IOutgoingThreads
{
    private const int MaxSteps = 20;
    private const int MaxSiblings = 20;

    public async Task<OutgoingThread> FindAsync(Address mailbox, Envelope envelope, IReadOnlyList<string> audience, CancellationToken cancellationToken)
    {
        var entry = await ParentAsync(mailbox, envelope, audience, cancellationToken);
        if (entry?.Envelope is null) return OutgoingThread.None;
        string? subject = (entry.Current ?? entry.Envelope).Envelope.Subject;
        var newestFirst = new List<string>();
        for (int step = 0; step < MaxSteps && entry?.Envelope is { } ancestor; step++)
        {
            subject ??= ancestor.Envelope.Subject;
            if (await mails.GetAsync(mailbox, entry.Id, cancellationToken) is { } mail)
            {
                newestFirst.Add(mail.MessageId);
                newestFirst.AddRange(mail.References.Reverse());
                break;
            }

            newestFirst.Add(MessageIds.Of(ancestor.Envelope, await groups.FindAsync(entry.Id, cancellationToken)));
            entry = ancestor.Envelope.InReplyTo is { } next ? await mailboxes.FindAsync(mailbox, next, cancellationToken) : null;
        }

        return new OutgoingThread([.. newestFirst.Distinct(StringComparer.Ordinal).Reverse()], subject);
    }

    // Clients often name only the conversation. Then the answer is to what the sender last received in it before, or else to what these recipients were last sent:
    // always something a recipient has seen, and the same at every attempt.
    private async Task<MailboxEntry?> ParentAsync(Address mailbox, Envelope envelope, IReadOnlyList<string> audience, CancellationToken cancellationToken)
    {
        if (envelope.InReplyTo is { } named) return await mailboxes.FindAsync(mailbox, named, cancellationToken);
        if (await mailboxes.FindAsync(mailbox, envelope.Id, cancellationToken) is not { } own) return null;
        var query = new MailboxQuery { Mailbox = mailbox, ConversationId = envelope.ConversationId, Before = own.Sequence, Direction = Direction.In, Limit = 1 };
        var received = await mailboxes.QueryAsync(query, cancellationToken);
        if (received.Entries is [var last, ..]) return last;
        var sent = await mailboxes.QueryAsync(query with { Direction = Direction.Out, Limit = MaxSiblings }, cancellationToken);
        return sent.Entries.FirstOrDefault(entry => entry.Envelope?.Envelope.To is { } to && audience.Contains(to));
    }
}
