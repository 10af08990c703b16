using Smxp.Mail.Smtp.Notifications;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>RCPT (RFC 5321 §4.1.1.3) with NOTIFY and ORCPT (RFC 3461): adds a recipient.</summary>
internal sealed class RcptCommand(SmtpRecipient recipient) : SmtpCommand
{
    public SmtpRecipient Recipient => recipient;

    public static SmtpCommand Parse(string rest)
    {
        if (!EsmtpArguments.TryParse(rest, "TO:", out var path, out var parameters) || path.IsNull) return new RefusedCommand(SmtpReply.BadAddress);
        if (EsmtpArguments.HasRepeats(parameters)) return new RefusedCommand(SmtpReply.Syntax);
        NotifyOn? notify = null;
        OriginalRecipient? original = null;
        foreach (var (name, value) in parameters)
        {
            switch (name)
            {
                case "NOTIFY" when value is not null && DsnParameters.TryParseNotify(value, out var parsed):
                    notify = parsed;
                    break;
                case "ORCPT" when value is not null && DsnParameters.TryParseOriginalRecipient(value, out original):
                    break;
                case "NOTIFY" or "ORCPT":
                    return new RefusedCommand(SmtpReply.Syntax);
                default:
                    return new RefusedCommand(SmtpReply.BadParameter);
            }
        }

        return new RcptCommand(new SmtpRecipient(path, notify, original));
    }

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        if (session.Transaction is not { } transaction) return SmtpReply.MailFirst;
        if (session.Mail is not null) return SmtpReply.ChunksUnderWay;
        if (recipient.Path.IsInternational && !transaction.International) return SmtpReply.NeedsInternational;
        if (transaction.Recipients.Count >= session.Options.MaxRecipients) return SmtpReply.TooManyRecipients;
        if (session.CountRecipient() is { } enough) return enough;
        var reply = await session.AskAsync((application, cancellationToken) => application.AcceptRecipientAsync(transaction, recipient.Path, cancellationToken));
        if (reply.IsPositive) transaction.Add(recipient);
        return reply;
    }
}
