using System.Globalization;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>MAIL (RFC 5321 §4.1.1.2) with SIZE, BODY and SMTPUTF8: begins a mail.</summary>
internal sealed class MailCommand(MailPath sender, long? size, bool international) : SmtpCommand
{
    public MailPath Sender => sender;

    public static SmtpCommand Parse(string rest)
    {
        if (!EsmtpArguments.TryParse(rest, "FROM:", out var path, out var parameters)) return new RefusedCommand(SmtpReply.BadAddress);
        long? size = null;
        bool international = false;
        foreach (var (name, value) in parameters)
        {
            switch (name, value)
            {
                case ("SIZE", { Length: > 0 and <= 20 }) when TryParseSize(value, out long parsed):
                    size = parsed;
                    break;
                case ("BODY", "7BIT" or "8BITMIME"):
                    break;
                case ("SMTPUTF8", null):
                    international = true;
                    break;
                case ("SIZE" or "BODY" or "SMTPUTF8", _):
                    return new RefusedCommand(SmtpReply.Syntax);
                default:
                    return new RefusedCommand(SmtpReply.BadParameter);
            }
        }

        return path.IsInternational && !international ? new RefusedCommand(SmtpReply.NeedsInternational) : new MailCommand(path, size, international);
    }

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        if (session.ClientName is null) return SmtpReply.HelloFirst;
        if (session.Transaction is not null) return SmtpReply.NestedMail;
        if (size > session.Options.MaxMessageBytes) return SmtpReply.TooLarge;
        var transaction = new SmtpTransaction
        {
            Client = session.Client,
            ClientName = session.ClientName,
            Extended = session.Extended,
            Encrypted = session.Encrypted,
            Sender = sender,
            AnnouncedSize = size,
            International = international,
        };
        var reply = await session.AskAsync((application, cancellationToken) => application.AcceptSenderAsync(transaction, cancellationToken));
        if (reply.IsPositive) session.Transaction = transaction;
        return reply;
    }

    // RFC 1870 §4: up to twenty digits; what does not fit is certainly too large.
    private static bool TryParseSize(string value, out long size)
    {
        size = 0;
        if (value.AsSpan().ContainsAnyExceptInRange('0', '9')) return false;
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out size)) size = long.MaxValue;
        return true;
    }
}
