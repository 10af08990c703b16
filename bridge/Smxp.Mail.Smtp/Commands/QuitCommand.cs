using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>QUIT (RFC 5321 §4.1.1.10).</summary>
internal sealed class QuitCommand : SmtpCommand
{
    public static QuitCommand Instance { get; } = new();

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session) => new(SmtpReply.Closing);
}
