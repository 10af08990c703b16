using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>EHLO and HELO (RFC 5321 §4.1.1.1): who the client is, and for EHLO what this server can do.</summary>
internal sealed class HelloCommand(string name, bool extended) : SmtpCommand
{
    private const int MaxName = 255;

    public static SmtpCommand Parse(string rest, bool extended) =>
        rest.Length is 0 or > MaxName || rest.Contains(' ', StringComparison.Ordinal) ? new RefusedCommand(SmtpReply.Syntax) : new HelloCommand(rest, extended);

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session)
    {
        // RFC 2920 §3.1: EHLO ends a group; its reply says whether there may be groups at all.
        if (session.HasMore) return new(SmtpReply.ImproperPipelining);
        (session.ClientName, session.Extended, session.Transaction) = (name, extended, null);
        return new(extended ? SmtpReply.Hello(session.Options.HostName, Extensions(session)) : SmtpReply.Hello(session.Options.HostName));
    }

    private static IEnumerable<string> Extensions(SmtpSession session)
    {
        yield return "PIPELINING"; // RFC 2920
        yield return $"SIZE {session.Options.MaxMessageBytes}"; // RFC 1870
        yield return "8BITMIME"; // RFC 6152
        yield return "SMTPUTF8"; // RFC 6531
        yield return "ENHANCEDSTATUSCODES"; // RFC 2034
        if (session.Options.Certificate is not null && !session.Encrypted) yield return "STARTTLS"; // RFC 3207
        yield return "HELP";
    }
}
