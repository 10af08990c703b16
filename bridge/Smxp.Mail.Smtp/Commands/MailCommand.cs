using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>MAIL (RFC 5321 §4.1.1.2): begins a mail.</summary>
internal sealed class MailCommand(MailPath sender, MailParameters parameters) : SmtpCommand
{
    public MailPath Sender => sender;

    public MailParameters Parameters => parameters;

    public static SmtpCommand Parse(string rest)
    {
        if (!EsmtpArguments.TryParse(rest, "FROM:", out var path, out var arguments)) return new RefusedCommand(SmtpReply.BadAddress);
        if (MailParameters.Parse(arguments, out var parameters) is { } refusal) return new RefusedCommand(refusal);
        return path.IsInternational && !parameters.International ? new RefusedCommand(SmtpReply.NeedsInternational) : new MailCommand(path, parameters);
    }

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        if (session.ClientName is null) return SmtpReply.HelloFirst;
        if (session.Transaction is not null) return SmtpReply.NestedMail;
        if (session.Listener.Kind == SmtpListenerKind.Submission && session.Identity is null) return session.OffersAuthentication ? SmtpReply.SignInFirst : SmtpReply.EncryptFirst;
        // What was not offered is not known here either.
        if (parameters.RequireTls && !session.Channel.IsEncrypted) return SmtpReply.BadParameter;
        if (parameters.NamesAuthor && session.Listener.Kind != SmtpListenerKind.Submission) return SmtpReply.BadParameter;
        if (parameters.Size > session.Options.MaxMessageBytes) return SmtpReply.TooLarge;
        if (session.CountMail() is { } enough) return enough;
        var transaction = new SmtpTransaction
        {
            Client = session.Client,
            ClientName = session.ClientName,
            ClientHost = session.ClientHost,
            Kind = session.Listener.Kind,
            Identity = session.Identity,
            Extended = session.Extended,
            Encrypted = session.Channel.IsEncrypted,
            Sender = sender,
            AnnouncedSize = parameters.Size,
            Body = parameters.Body,
            International = parameters.International,
            RequireTls = parameters.RequireTls,
            Return = parameters.Return,
            EnvelopeId = parameters.EnvelopeId,
        };
        var reply = await session.AskAsync((application, cancellationToken) => application.AcceptSenderAsync(transaction, cancellationToken));
        if (reply.IsPositive) session.Transaction = transaction;
        return reply;
    }
}
