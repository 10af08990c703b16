using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>RSET (RFC 5321 §4.1.1.5): forgets the mail under way.</summary>
internal sealed class RsetCommand : SmtpCommand
{
    public static RsetCommand Instance { get; } = new();

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        await session.ResetAsync();
        return SmtpReply.Ok;
    }
}
