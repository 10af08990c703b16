using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;
using Smxp.Plugins.Host;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>What the SMTP server asks: who is served here, and where a mail goes.</summary>
internal sealed class InboundApplication(IMessageIntake intake, MailDelivery delivery, InboundLedger ledger, EmailSettings settings, string spoolDirectory) : ISmtpApplication
{
    public ValueTask<SmtpReply> AcceptSenderAsync(SmtpTransaction transaction, CancellationToken cancellationToken) => new(SmtpReply.SenderOk);

    public async ValueTask<SmtpReply> AcceptRecipientAsync(SmtpTransaction transaction, MailPath recipient, CancellationToken cancellationToken)
    {
        if (EnvelopeAddress.From(recipient, settings.HostName) is not { } address) return InboundReplies.BadRecipient;
        return await intake.LookUpAsync(address, cancellationToken) switch
        {
            RecipientKind.Local => SmtpReply.RecipientOk,
            RecipientKind.Unknown => InboundReplies.UnknownRecipient,
            _ => InboundReplies.RelayingDenied,
        };
    }

    public ValueTask<IMessageSink> OpenMessageAsync(SmtpTransaction transaction, CancellationToken cancellationToken) =>
        new(new InboundMail(transaction, new MessageSpool(spoolDirectory), delivery, ledger));
}
