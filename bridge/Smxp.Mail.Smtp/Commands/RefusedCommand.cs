using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>A line that is no command of ours, with the answer it gets.</summary>
internal sealed class RefusedCommand(SmtpReply reply) : SmtpCommand
{
    public SmtpReply Reply => reply;

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session) => new(reply);
}
