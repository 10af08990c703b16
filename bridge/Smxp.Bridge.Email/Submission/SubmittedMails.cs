using System.Text;
using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Notifications;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Submission;

/// <summary>Carries messages that were handed in as mail: as the mail they came as, under our Received line and its author's domain's DKIM signature, and not as one written anew.</summary>
internal sealed partial class SubmittedMails(
    SubmissionRecords records, MailRecords mails, Originals originals, SubmissionNotices notices, VerpAddresses verp, MailSigner signer, SmtpSender sender, string spoolDirectory,
    ILogger<SubmittedMails> logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>One attempt; null where the message was not handed in as mail, was changed since, or its mail is no longer to be had: then it is composed.</summary>
    public async Task<HandOver?> TrySendAsync(MailRoute route, OutboxEntry entry, Envelope envelope, CancellationToken cancellationToken)
    {
        if (entry.Sender is not { } author || envelope.Id != entry.MessageId) return null;
        if (await records.FindAsync(author, entry.MessageId, cancellationToken) is not { } mail || await mails.GetAsync(author, entry.MessageId, cancellationToken) is not { } record) return null;
        if (await originals.OpenAsync(author, entry.MessageId, cancellationToken) is not { } original) return null;
        await using var spool = new MessageSpool(spoolDirectory);
        await using (var bytes = original.Bytes)
        await using (var writer = spool.OpenWrite())
        {
            await writer.WriteAsync(Encoding.UTF8.GetBytes(record.Trace), cancellationToken);
            await bytes.CopyToAsync(writer, cancellationToken);
        }

        bool notifies = false;
        var outgoing = new OutgoingMail(mail.ReturnPath, [RecipientOf(mail)], spool.Length, spool.OpenRead)
        {
            Needs = mail.Needs,
            // Where the sender gave it no name, notices that come back shall name the message.
            EnvelopeId = mail.Wishes.EnvelopeId ?? entry.MessageId,
            Return = mail.Wishes.Return ?? "HDRS",
            Taken = dsn => notifies = dsn,
        };
        if (mail.ReturnPath.Equals(author.ToString(), StringComparison.OrdinalIgnoreCase)) outgoing = await verp.MarkAsync(outgoing, author, entry.MessageId, cancellationToken);
        var result = (await sender.SendAsync(route, await signer.SignAsync(outgoing, author.Domain, cancellationToken), cancellationToken))[0];
        if (result.Kind == HandOverKind.Accepted && !notifies) await TellRelayedAsync(entry, mail);
        return result;
    }

    private static OutgoingRecipient RecipientOf(SubmittedMail mail) => new(mail.Recipient) { Notify = mail.Wishes.Notify, Original = mail.Wishes.OriginalRecipient ?? mail.Recipient };

    // RFC 3461 §5.2.3: a server that does not notify leaves it to us. It arrived, and that must not be forgotten over a notice.
    private async Task TellRelayedAsync(OutboxEntry entry, SubmittedMail mail)
    {
        try
        {
            await notices.SendAsync(entry.Sender!, entry.MessageId, mail, DsnAction.Relayed, null, null, CancellationToken.None);
        }
        catch (StorageUnavailableException outage)
        {
            LogUnavailable(entry.MessageId, outage.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "That {Id} went on could not be told: {Problem}")]
    private partial void LogUnavailable(string id, string problem);
}
