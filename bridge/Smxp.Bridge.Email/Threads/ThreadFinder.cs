using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Threads;

/// <summary>Where a mail belongs in a mailbox.</summary>
internal sealed record ThreadPlace(string ConversationId, string? InReplyTo)
{
    /// <summary>Why there, in words for whoever asks.</summary>
    public string? Evidence { get; init; }
}

/// <summary>Finds the conversation of an incoming mail by the rules of the email mapping §3. No subject guessing.</summary>
internal sealed class ThreadFinder(IMailboxes mailboxes, MailRecords mails)
{
    // Enough for a thread of which only old parts are here; each costs a look-up.
    private const int MaxLookUps = 20;

    public async Task<ThreadPlace> FindAsync(Address mailbox, string messageId, ThreadReferences thread, CancellationToken cancellationToken)
    {
        if (thread.IsEmpty) return new ThreadPlace(ConversationIds.OfRoot(messageId), null) { Evidence = "it names no earlier mail, so it begins a conversation" };
        var ancestors = thread.NewestFirst.Take(MaxLookUps).ToList();
        foreach (string ancestor in ancestors)
        {
            if (MessageIds.MessageOf(ancestor) is { } id && await mailboxes.FindAsync(mailbox, id, cancellationToken) is { } entry)
                return new ThreadPlace(entry.ConversationId, id) { Evidence = $"{thread.FieldOf(ancestor)} names our message {id}" };
        }

        foreach (string ancestor in ancestors)
        {
            if (await mails.FindAsync(mailbox, ancestor, cancellationToken) is not { } known) continue;
            // Where it lies now, not where it was put: conversations are merged and split.
            string conversation = (await mailboxes.FindAsync(mailbox, known.Id, cancellationToken))?.ConversationId ?? known.ConversationId;
            return new ThreadPlace(conversation, known.Id) { Evidence = $"{thread.FieldOf(ancestor)} names <{ancestor}>, which is message {known.Id} here" };
        }

        string root = thread.Root ?? messageId;
        return new ThreadPlace(ConversationIds.OfRoot(root), null) { Evidence = $"of the mails it names none is here; the conversation is that of the oldest, <{root}> in {thread.FieldOf(root)}" };
    }
}
