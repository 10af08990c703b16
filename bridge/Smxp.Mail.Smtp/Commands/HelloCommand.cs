using Smxp.Mail.Smtp.Proxy;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>EHLO and HELO (RFC 5321 §4.1.1.1): who the client is, and for EHLO what this server can do.</summary>
internal sealed class HelloCommand(string name, bool extended) : SmtpCommand
{
    private const int MaxName = 255;

    public static SmtpCommand Parse(string rest, bool extended) =>
        rest.Length is 0 or > MaxName || rest.Contains(' ', StringComparison.Ordinal) || rest.Any(char.IsControl) ? new RefusedCommand(SmtpReply.Syntax) : new HelloCommand(rest, extended);

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        // RFC 2920 §3.1: EHLO ends a group; its reply says whether there may be groups at all.
        if (session.Channel.HasMore) return SmtpReply.ImproperPipelining;
        await session.ResetAsync();
        (session.ClientName, session.Extended) = (name, extended);
        return extended ? SmtpReply.Hello(session.Options.HostName, Extensions(session)) : SmtpReply.Hello(session.Options.HostName);
    }

    private static IEnumerable<string> Extensions(SmtpSession session)
    {
        var options = session.Options;
        bool encrypted = session.Channel.IsEncrypted;
        yield return "PIPELINING"; // RFC 2920
        yield return $"SIZE {options.MaxMessageBytes}"; // RFC 1870
        yield return "8BITMIME"; // RFC 6152
        yield return "BINARYMIME"; // RFC 3030
        yield return "CHUNKING"; // RFC 3030
        yield return "SMTPUTF8"; // RFC 6531
        yield return "ENHANCEDSTATUSCODES"; // RFC 2034
        yield return "DSN"; // RFC 3461
        yield return $"LIMITS MAILMAX={options.MaxMails} RCPTMAX={options.MaxRecipients}"; // RFC 9422
        if (encrypted) yield return "REQUIRETLS"; // RFC 8689 §2: only where TLS is on
        if (options.Certificate is not null && !encrypted) yield return "STARTTLS"; // RFC 3207
        if (session.OffersAuthentication && session.Identity is null) yield return "AUTH PLAIN LOGIN"; // RFC 4954
        if (session.MaySpeakForOthers) yield return $"XCLIENT {XclientAttributes.Names}";
        yield return "HELP";
    }
}
