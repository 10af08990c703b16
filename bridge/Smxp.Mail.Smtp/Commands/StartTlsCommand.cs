using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>STARTTLS (RFC 3207).</summary>
internal sealed class StartTlsCommand : SmtpCommand
{
    public static StartTlsCommand Instance { get; } = new();

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        if (session.Options.Certificate is not { } certificate) return SmtpReply.NotImplemented;
        if (session.Channel.IsEncrypted) return SmtpReply.AlreadyEncrypted;
        // What arrived in clear behind the command was put there by somebody who hopes that it counts as said under TLS (CVE-2011-0411).
        if (session.Channel.Input.TryRead(out var injected)) session.Channel.Input.AdvanceTo(injected.Buffer.End);
        SmtpReply.StartTls.WriteTo(session.Channel.Output);
        session.Channel.Deadline.Set(session.Options.HandshakeTimeout);
        await session.Channel.Output.FlushAsync();
        await session.Channel.EncryptAsync(certificate);
        // RFC 3207 §4.2: nothing that was said before counts.
        await session.ForgetAsync();
        return null;
    }
}
