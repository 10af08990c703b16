using Microsoft.Extensions.Logging;
using MimeKit;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping.Reports;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Inbound.Reports;

/// <summary>
/// Mail about mail: bounces and read receipts. They speak of a message that was sent from the mailbox they come to, and change its row instead of landing as messages
/// (email mapping §6). What speaks of nothing known here is ordinary mail.
/// </summary>
internal sealed partial class MailReports(IMailboxes mailboxes, IMessageIntake intake, SentMessages sent, TimeProvider time, ILogger<MailReports> logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>Whether a mail was a report, and has taken effect.</summary>
    /// <param name="message">The mail.</param>
    /// <param name="identity">Its identity: a repeat changes nothing.</param>
    /// <param name="mailbox">Whom it came to.</param>
    /// <param name="isFromNobody">Whether its return path is null.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<bool> TryTakeAsync(MimeMessage message, MailIdentity identity, Address mailbox, bool isFromNobody, CancellationToken cancellationToken)
    {
        // RFC 3464 §2: a notification has no return path. Anybody may write something that looks like one.
        if (isFromNobody && BounceReader.Read(message) is { } bounce) return await TakeAsync(bounce, identity, mailbox, named: null, cancellationToken);
        return ReadReport.Read(message) is { } read && await TakeAsync(read, identity, mailbox, cancellationToken);
    }

    /// <summary>Whether a mail without a return path was a bounce of this mail, to whose own return path it came, and has taken effect. It need not say what it speaks of.</summary>
    public async Task<bool> TryTakeAsync(MimeMessage message, MailIdentity identity, ReturnedMail returned, CancellationToken cancellationToken) =>
        BounceReader.ReadReturned(message) is { } bounce
        && await sent.ByEnvelopeIdAsync(returned.Author, returned.MessageId, cancellationToken) is { } entry
        && await TakeAsync(bounce, identity, returned.Author, entry, cancellationToken);

    private async Task<bool> TakeAsync(BounceReport bounce, MailIdentity identity, Address mailbox, MailboxEntry? named, CancellationToken cancellationToken)
    {
        var reports = new List<SendReport>();
        bool known = false;
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        if (named is null && bounce.Recipients.Count == 1) named = await sent.ByEnvelopeIdAsync(mailbox, bounce.EnvelopeId, cancellationToken);
        foreach (var recipient in bounce.Recipients)
        {
            var entry = named ?? await sent.ByMessageIdAsync(mailbox, bounce.OriginalMessageId, [recipient.Original, recipient.Final], cancellationToken)
                ?? await sent.ByEnvelopeIdAsync(mailbox, bounce.EnvelopeId, cancellationToken);
            if (entry is null) continue;
            known = true;
            if (recipient.Fate == Fate.Failed) reports.Add(new SendReport(mailbox, entry.Id, SendStatus.Failed, recipient.Words, now));
            // What has failed is not late.
            else if (recipient.Fate == Fate.Delayed && entry.Status != SendStatus.Failed) reports.Add(new SendReport(mailbox, entry.Id, entry.Status ?? SendStatus.Sent, $"delayed: {recipient.Words}", now));
        }

        if (!known) return false;
        await mailboxes.ReportAsync(reports, [MailRecords.Arrival(mailbox, identity)], cancellationToken);
        LogBounce(mailbox, reports.Count);
        return true;
    }

    // A receipt by email is a receipt (SMXP §2): what the reader was sent in that conversation, up to that message, is read.
    private async Task<bool> TakeAsync(ReadReport read, MailIdentity identity, Address mailbox, CancellationToken cancellationToken)
    {
        if (await sent.ByMessageIdAsync(mailbox, read.OriginalMessageId, read.Recipients, cancellationToken) is not { Envelope.Envelope: { } original } entry) return false;
        var receipt = new Envelope
        {
            From = original.To,
            To = mailbox.ToString(),
            Timestamp = original.Timestamp,
            ConversationId = entry.ConversationId,
            Type = EnvelopeType.Receipt,
        };
        var result = await intake.AcceptAsync(new InboundMessage(receipt, EmailBridge.BridgeName, Verified: false, [MailRecords.Arrival(mailbox, identity)]), cancellationToken);
        if (result.Kind == IntakeKind.Unavailable) throw new StorageUnavailableException(result.Error ?? "the receipt could not be stored");
        return result.Kind is IntakeKind.Accepted or IntakeKind.Duplicate;
    }

    [LoggerMessage(LogLevel.Information, "A bounce to {Mailbox} changed {Count} of its messages")]
    private partial void LogBounce(Address mailbox, int count);
}
