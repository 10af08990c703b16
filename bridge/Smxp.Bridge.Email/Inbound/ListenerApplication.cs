using System.Net;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>One SMTP server, two kinds of listeners: asks the one that is meant.</summary>
internal sealed class ListenerApplication(ISmtpApplication relay, ISmtpApplication submission) : ISmtpApplication
{
    public ValueTask<string?> AuthenticateAsync(string user, string secret, IPAddress client, CancellationToken cancellationToken) =>
        submission.AuthenticateAsync(user, secret, client, cancellationToken);

    public ValueTask<SmtpReply> AcceptSenderAsync(SmtpTransaction transaction, CancellationToken cancellationToken) =>
        For(transaction).AcceptSenderAsync(transaction, cancellationToken);

    public ValueTask<SmtpReply> AcceptRecipientAsync(SmtpTransaction transaction, MailPath recipient, CancellationToken cancellationToken) =>
        For(transaction).AcceptRecipientAsync(transaction, recipient, cancellationToken);

    public ValueTask<IMessageSink> OpenMessageAsync(SmtpTransaction transaction, CancellationToken cancellationToken) =>
        For(transaction).OpenMessageAsync(transaction, cancellationToken);

    private ISmtpApplication For(SmtpTransaction transaction) => transaction.Kind == SmtpListenerKind.Submission ? submission : relay;
}
