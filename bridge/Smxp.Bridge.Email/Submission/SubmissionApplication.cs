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
/// What the SMTP server asks about mail of people who signed in: they send as the mailbox they signed in to, and as nobody else. Mail for local inboxes goes the way of all incoming mail;
/// whether it may go to others is <see cref="IRemoteSubmission"/>'s to say, and without one it may not.
/// </summary>
internal sealed class SubmissionApplication(InboundApplication inbound, IMessageIntake intake, IMailboxes mailboxes, IRemoteSubmission? remote, string hostName) : ISmtpApplication
{
    public async ValueTask<string?> AuthenticateAsync(string user, string secret, IPAddress client, CancellationToken cancellationToken)
    {
        if (!Address.TryParse(user, out var mailbox)) return null;
        return await mailboxes.AuthenticateAsync(mailbox, secret, client.ToString(), cancellationToken) ? mailbox.ToString() : null;
    }

    public ValueTask<SmtpReply> AcceptSenderAsync(SmtpTransaction transaction, CancellationToken cancellationToken) =>
        new(EnvelopeAddress.From(transaction.Sender, hostName)?.ToString() == transaction.Identity ? SmtpReply.SenderOk : InboundReplies.NotYourAddress);

    public async ValueTask<SmtpReply> AcceptRecipientAsync(SmtpTransaction transaction, MailPath recipient, CancellationToken cancellationToken)
    {
        if (remote is null || EnvelopeAddress.From(recipient, hostName) is not { } address) return await inbound.AcceptRecipientAsync(transaction, recipient, cancellationToken);
        return await intake.LookUpAsync(address, cancellationToken) == RecipientKind.Remote
            ? await remote.AcceptRecipientAsync(transaction, address, cancellationToken)
            : await inbound.AcceptRecipientAsync(transaction, recipient, cancellationToken);
    }

    public ValueTask<IMessageSink> OpenMessageAsync(SmtpTransaction transaction, CancellationToken cancellationToken) =>
        remote?.OpenMessageAsync(transaction, cancellationToken) ?? inbound.OpenMessageAsync(transaction, cancellationToken);
}
