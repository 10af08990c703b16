using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Threads;

/// <summary>Where a mail belongs in a mailbox.</summary>
internal sealed record ThreadPlace(string ConversationId, string? InReplyTo);

/// <summary>Finds the conversation of an incoming mail by the rules of the email mapping §3. No subject guessing.</summary>
internal sealed class ThreadFinder(IMailboxes mailboxes, MailRecords mails)
{
    // Enough for a thread of which only old parts are here; each costs a look-up.
    private const int MaxLookUps = 20;

    public async Task<ThreadPlace> FindAsync(Address mailbox, string messageId, ThreadReferences thread, CancellationToken cancellationToken)
    {
        if (thread.IsEmpty) return new ThreadPlace(ConversationIds.OfRoot(messageId), null);
        var ancestors = thread.NewestFirst.Take(MaxLookUps).ToList();
        foreach (string id in ancestors.Select(MessageIds.MessageOf).OfType<string>())
        {
            if (await mailboxes.FindAsync(mailbox, id, cancellationToken) is { } entry) return new ThreadPlace(entry.ConversationId, id);
        }

        foreach (string ancestor in ancestors)
        {
            if (await mails.FindAsync(mailbox, ancestor, cancellationToken) is { } known) return new ThreadPlace(known.ConversationId, known.Id);
        }

        return new ThreadPlace(ConversationIds.OfRoot(thread.Root ?? messageId), null);
    }
}
