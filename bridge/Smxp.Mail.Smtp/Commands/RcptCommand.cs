using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>RCPT (RFC 5321 §4.1.1.3): adds a recipient.</summary>
internal sealed class RcptCommand(MailPath recipient) : SmtpCommand
{
    public MailPath Recipient => recipient;

    public static SmtpCommand Parse(string rest)
    {
        if (!EsmtpArguments.TryParse(rest, "TO:", out var path, out var parameters) || path.IsNull) return new RefusedCommand(SmtpReply.BadAddress);
        return parameters.Count > 0 ? new RefusedCommand(SmtpReply.BadParameter) : new RcptCommand(path);
    }

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        if (session.Transaction is not { } transaction) return SmtpReply.MailFirst;
        if (recipient.IsInternational && !transaction.International) return SmtpReply.NeedsInternational;
        if (transaction.Recipients.Count >= session.Options.MaxRecipients) return SmtpReply.TooManyRecipients;
        var reply = await session.AskAsync((application, cancellationToken) => application.AcceptRecipientAsync(transaction, recipient, cancellationToken));
        if (reply.IsPositive) transaction.Add(recipient);
        return reply;
    }
}
