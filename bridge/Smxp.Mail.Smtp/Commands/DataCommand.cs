using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>DATA (RFC 5321 §4.1.1.4): takes the mail.</summary>
internal sealed class DataCommand : SmtpCommand
{
    public static DataCommand Instance { get; } = new();

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        // RFC 2920 §3.1: DATA ends a group. Text sent without waiting for 354 would be commands if DATA were refused.
        if (session.HasMore) return SmtpReply.ImproperPipelining;
        if (session.Transaction is not { } transaction) return SmtpReply.MailFirst;
        if (transaction.Recipients.Count == 0) return SmtpReply.NoRecipients;
        session.Transaction = null;
        return await session.ReceiveAsync(transaction);
    }
}
