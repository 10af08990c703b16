using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>NOOP (RFC 5321 §4.1.1.9).</summary>
internal sealed class NoopCommand : SmtpCommand
{
    public static NoopCommand Instance { get; } = new();

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session) => new(SmtpReply.Ok);
}
