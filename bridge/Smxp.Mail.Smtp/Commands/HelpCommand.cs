using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>HELP (RFC 5321 §4.1.1.8).</summary>
internal sealed class HelpCommand : SmtpCommand
{
    public static HelpCommand Instance { get; } = new();

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session) => new(SmtpReply.Help);
}
