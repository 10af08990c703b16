using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Threads;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Inbound.Reports;

/// <summary>Finds the sent message that a report speaks of, in the mailbox it was sent from.</summary>
internal sealed class SentMessages(IMailboxes mailboxes, GroupMails groups, MailRecords mails)
{
    // As many as one send call has recipients.
    private const int MostMessages = 100;

    /// <summary>By what the mail was called when it was handed over: exactly one message.</summary>
    public async Task<MailboxEntry?> ByEnvelopeIdAsync(Address mailbox, string? envelopeId, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(envelopeId) ? null : await SentAsync(mailbox, envelopeId, cancellationToken);

    /// <summary>By the mail's Message-ID; where it went to several, by who of them is spoken of.</summary>
    public async Task<MailboxEntry?> ByMessageIdAsync(Address mailbox, string? messageId, IEnumerable<string?> recipients, CancellationToken cancellationToken)
    {
        if (messageId is null) return null;
        if (MessageIds.MessageOf(messageId) is not { } id) return await SubmittedAsync(mailbox, messageId, recipients, cancellationToken);
        if (await groups.FindAsync(id, cancellationToken) is not { } group) return await SentAsync(mailbox, id, cancellationToken);
        return recipients.Select(group.MessageTo).FirstOrDefault(static member => member is not null) is { } one ? await SentAsync(mailbox, one, cancellationToken) : null;
    }

    // A mail program gives its mail a Message-ID of its own, under which the messages it became are noted.
    private async Task<MailboxEntry?> SubmittedAsync(Address mailbox, string messageId, IEnumerable<string?> recipients, CancellationToken cancellationToken)
    {
        List<MailboxEntry> sent = [];
        foreach (var known in await mails.ListAsync(mailbox, messageId, MostMessages, cancellationToken))
        {
            if (await SentAsync(mailbox, known.Id, cancellationToken) is { } entry) sent.Add(entry);
        }

        return sent.Count == 1 ? sent[0] : sent.Find(entry => recipients.Contains(entry.Envelope!.Envelope.To, StringComparer.OrdinalIgnoreCase));
    }

    // Only what went by email can come back by it.
    private async Task<MailboxEntry?> SentAsync(Address mailbox, string id, CancellationToken cancellationToken) =>
        await mailboxes.FindAsync(mailbox, id, cancellationToken) is { Direction: Direction.Out, Transport: EmailBridge.BridgeName, Envelope: not null } entry ? entry : null;
}
