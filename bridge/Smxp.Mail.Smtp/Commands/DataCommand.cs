using Smxp.Mail.Smtp.Data;
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
        if (session.Channel.HasMore) return SmtpReply.ImproperPipelining;
        if (session.Transaction is not { } transaction) return SmtpReply.MailFirst;
        if (session.Mail is not null) return SmtpReply.ChunksUnderWay;
        if (transaction.Body == BodyType.BinaryMime) return SmtpReply.BinaryNeedsChunks; // RFC 3030 §3
        if (transaction.Recipients.Count == 0) return SmtpReply.NoRecipients;
        var mail = await session.OpenMailAsync(transaction);
        if (mail.Refusal is { } refusal)
        {
            await session.ResetAsync();
            return refusal;
        }

        SmtpReply.StartData.WriteTo(session.Channel.Output);
        session.Channel.Deadline.Set(session.Options.DataTimeout);
        await session.Channel.Output.FlushAsync();
        return await session.ReceiveAsync(mail, new DataDecoder(mail.Rules)) ?? await session.CommitAsync(mail);
    }
}
