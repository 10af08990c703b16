using System.Security.Authentication;
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
        if (session.Encrypted) return SmtpReply.AlreadyEncrypted;
        try
        {
            await session.UpgradeAsync(certificate);
            return null;
        }
        catch (AuthenticationException exception)
        {
            throw new IOException("The TLS handshake failed.", exception);
        }
    }
}
