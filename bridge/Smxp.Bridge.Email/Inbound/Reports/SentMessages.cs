using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Threads;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Inbound.Reports;

/// <summary>Finds the sent message that a report speaks of, in the mailbox it was sent from.</summary>
internal sealed class SentMessages(IMailboxes mailboxes, GroupMails groups)
{
    /// <summary>By what the mail was called when it was handed over: exactly one message.</summary>
    public async Task<MailboxEntry?> ByEnvelopeIdAsync(Address mailbox, string? envelopeId, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(envelopeId) ? null : await SentAsync(mailbox, envelopeId, cancellationToken);

    /// <summary>By the mail's Message-ID; where it went to several, by who of them is spoken of.</summary>
    public async Task<MailboxEntry?> ByMessageIdAsync(Address mailbox, string? messageId, IEnumerable<string?> recipients, CancellationToken cancellationToken)
    {
        if (messageId is null || MessageIds.MessageOf(messageId) is not { } id) return null;
        if (await groups.FindAsync(id, cancellationToken) is not { } group) return await SentAsync(mailbox, id, cancellationToken);
        return recipients.Select(group.MessageTo).FirstOrDefault(static member => member is not null) is { } one ? await SentAsync(mailbox, one, cancellationToken) : null;
    }

    // Only what went by email can come back by it.
    private async Task<MailboxEntry?> SentAsync(Address mailbox, string id, CancellationToken cancellationToken) =>
        await mailboxes.FindAsync(mailbox, id, cancellationToken) is { Direction: Direction.Out, Transport: EmailBridge.BridgeName, Envelope: not null } entry ? entry : null;
}
