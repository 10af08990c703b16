using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Threads;

/// <summary>Finds the message that a mail says it takes the place of (email mapping §6): its author's own, in the mailbox it comes to, and only where its author is vouched for.</summary>
internal sealed class Replacements(IMailboxes mailboxes, MailRecords mails)
{
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="author">The mail's author.</param>
    /// <param name="replaced">The Message-IDs it names.</param>
    /// <param name="isVerified">Whether the author's domain vouches for it: else anybody could change what others wrote.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<MailboxEntry?> FindAsync(Address mailbox, Address author, IReadOnlyList<string> replaced, bool isVerified, CancellationToken cancellationToken)
    {
        if (!isVerified) return null;
        foreach (string messageId in replaced)
        {
            if (await mails.FindAsync(mailbox, messageId, cancellationToken) is not { } known) continue;
            if (await mailboxes.FindAsync(mailbox, known.Id, cancellationToken) is { Direction: Direction.In, Kind: EnvelopeType.Message, Deleted: false } entry && IsBy(entry, author)) return entry;
        }

        return null;
    }

    private static bool IsBy(MailboxEntry entry, Address author) => Address.TryParse(entry.Envelope?.Envelope.From, out var from) && from == author;
}
