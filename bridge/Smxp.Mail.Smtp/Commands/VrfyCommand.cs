using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>VRFY (RFC 5321 §3.5.3): neither confirms nor denies, so that nobody harvests addresses.</summary>
internal sealed class VrfyCommand : SmtpCommand
{
    public static VrfyCommand Instance { get; } = new();

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session) => new(SmtpReply.CannotVerify);
}
