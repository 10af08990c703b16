using Smxp.Bridge.Email.Inbound.Policy;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Puppets;
using Smxp.Bridge.Email.Relay;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>What the SMTP server asks: who is served here, and where a mail goes.</summary>
internal sealed class InboundApplication(
    IMessageIntake intake, RelayDesk relay, VerpAddresses verp, PuppetDesk? puppets, MailDelivery delivery, InboundLedger ledger, ClientPolicy policy, EmailSettings settings, string spoolDirectory) : ISmtpApplication
{
    public ValueTask<SmtpReply> AcceptSenderAsync(SmtpTransaction transaction, CancellationToken cancellationToken) => new(SmtpReply.SenderOk);

    public async ValueTask<SmtpReply> AcceptRecipientAsync(SmtpTransaction transaction, MailPath recipient, CancellationToken cancellationToken)
    {
        if (EnvelopeAddress.From(recipient, settings.HostName) is not { } address) return InboundReplies.BadRecipient;
        var reply = await AnswerAsync(transaction, recipient, address, cancellationToken);
        return reply == SmtpReply.RecipientOk ? await policy.RefuseAsync(transaction, address, cancellationToken) ?? reply : reply;
    }

    public ValueTask<IMessageSink> OpenMessageAsync(SmtpTransaction transaction, CancellationToken cancellationToken) =>
        new(new InboundMail(transaction, new MessageSpool(spoolDirectory), delivery, ledger));

    private async ValueTask<SmtpReply> AnswerAsync(SmtpTransaction transaction, MailPath recipient, Address address, CancellationToken cancellationToken)
    {
        var kind = await intake.LookUpAsync(address, cancellationToken);
        // What people hand in is a message of theirs, and no message goes to a return path.
        if (kind != RecipientKind.Remote && transaction.Identity is null && VerpCodec.IsReturnPath(recipient.Local)) return await JudgeReturnAsync(recipient, cancellationToken);
        if (kind != RecipientKind.Remote && puppets is not null && await puppets.JudgeAsync(transaction, address, cancellationToken) is { } reply) return reply;
        if (kind != RecipientKind.Remote && await relay.JudgeAsync(transaction, recipient, address, kind == RecipientKind.Local, cancellationToken) is { } verdict) return verdict;
        return kind switch
        {
            RecipientKind.Local => SmtpReply.RecipientOk,
            RecipientKind.Unknown => InboundReplies.UnknownRecipient,
            _ => InboundReplies.RelayingDenied,
        };
    }

    private async ValueTask<SmtpReply> JudgeReturnAsync(MailPath recipient, CancellationToken cancellationToken)
    {
        bool isOurs = await verp.FindAsync(recipient, cancellationToken) is { } returned && await intake.LookUpAsync(returned.Author, cancellationToken) == RecipientKind.Local;
        return isOurs ? SmtpReply.RecipientOk : InboundReplies.UnknownRecipient;
    }
}
