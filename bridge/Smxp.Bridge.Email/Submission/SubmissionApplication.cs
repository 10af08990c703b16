using System.Net;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Mapping;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Submission;

/// <summary>
/// What the SMTP server asks about mail of people who signed in: they send as the mailbox they signed in to, or for somebody who let them, and as nobody else; to anybody, within limits of their
/// own. What becomes of the mail is <see cref="SubmissionDesk"/>'s to say.
/// </summary>
internal sealed class SubmissionApplication(
    InboundApplication inbound, IMessageIntake intake, IMailboxes mailboxes, SubmissionDesk desk, SenderQuota quota, SubmissionLimits limits, SpoolSpace space, string hostName, string spoolDirectory) : ISmtpApplication
{
    public async ValueTask<string?> AuthenticateAsync(string user, string secret, IPAddress client, CancellationToken cancellationToken)
    {
        if (!Address.TryParse(user, out var mailbox)) return null;
        return await mailboxes.AuthenticateAsync(mailbox, secret, client.ToString(), cancellationToken) ? mailbox.ToString() : null;
    }

    public async ValueTask<SmtpReply> AcceptSenderAsync(SmtpTransaction transaction, CancellationToken cancellationToken)
    {
        if (transaction.AnnouncedSize > limits.MessageBytes) return SubmissionReplies.TooLarge(limits.MessageBytes);
        if (space.RefusalOf(transaction) is { } full) return full;
        // RFC 8098 §2.1: read receipts of mail programs have no return path. Whom such a mail is from, its header says.
        if (transaction.Sender.IsNull) return SmtpReply.SenderOk;
        var allowed = await mailboxes.SendsAsAsync(Address.Parse(transaction.Identity!), cancellationToken);
        return EnvelopeAddress.From(transaction.Sender, hostName) is { } sender && allowed.Contains(sender) ? SmtpReply.SenderOk : SubmissionReplies.NotYourAddress(allowed);
    }

    public async ValueTask<SmtpReply> AcceptRecipientAsync(SmtpTransaction transaction, MailPath recipient, CancellationToken cancellationToken)
    {
        if (transaction.Recipients.Count >= SubmissionLimits.MostRecipients) return SubmissionReplies.TooManyRecipients;
        if (quota.RoomFor(Address.Parse(transaction.Identity!), transaction.Recipients.Count + 1) is { } again) return SubmissionReplies.TooManyInAnHour(limits.RecipientsPerHour, again);
        bool isElsewhere = EnvelopeAddress.From(recipient, hostName) is { } address && await intake.LookUpAsync(address, cancellationToken) == RecipientKind.Remote;
        return isElsewhere ? SmtpReply.RecipientOk : await inbound.AcceptRecipientAsync(transaction, recipient, cancellationToken);
    }

    public ValueTask<IMessageSink> OpenMessageAsync(SmtpTransaction transaction, CancellationToken cancellationToken) =>
        new(new IncomingSubmission(transaction, new MessageSpool(spoolDirectory), desk));
}

/// <summary>How much one person may send.</summary>
/// <param name="MessageBytes">The largest mail.</param>
/// <param name="RecipientsPerHour">Recipients in an hour; 0 for no limit.</param>
internal sealed record SubmissionLimits(long MessageBytes, int RecipientsPerHour)
{
    /// <summary>Recipients of one mail: what one send call takes.</summary>
    public const int MostRecipients = 100;
}
