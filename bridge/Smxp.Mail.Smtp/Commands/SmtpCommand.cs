using System.Diagnostics.CodeAnalysis;
using System.Text;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>A command line, understood. Parsing is pure and never fails: a line that makes no sense becomes a <see cref="RefusedCommand"/>.</summary>
internal abstract class SmtpCommand
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Does it, and answers; null where the answer was given on the way.</summary>
    public abstract ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session);

    /// <summary>Understands a line (without CRLF).</summary>
    public static SmtpCommand Parse(ReadOnlySpan<byte> line)
    {
        if (!TryDecode(line, out string? text)) return new RefusedCommand(SmtpReply.Syntax);
        int end = text.IndexOf(' ', StringComparison.Ordinal);
        var verb = end < 0 ? text : text.AsSpan(0, end);
        string rest = end < 0 ? "" : text[(end + 1)..].Trim(' ');
        Span<char> upper = stackalloc char[8];
        int length = verb.ToUpperInvariant(upper);
        if (length < 0) return new RefusedCommand(SmtpReply.Unrecognised);
        return upper[..length] switch
        {
            "EHLO" => HelloCommand.Parse(rest, extended: true),
            "HELO" => HelloCommand.Parse(rest, extended: false),
            "MAIL" => MailCommand.Parse(rest),
            "RCPT" => RcptCommand.Parse(rest),
            "DATA" => WithoutParameters(rest, DataCommand.Instance),
            "BDAT" => BdatCommand.Parse(rest),
            "RSET" => WithoutParameters(rest, RsetCommand.Instance),
            "STARTTLS" => WithoutParameters(rest, StartTlsCommand.Instance),
            "AUTH" => AuthCommand.Parse(rest),
            "XCLIENT" => XclientCommand.Parse(rest),
            "QUIT" => WithoutParameters(rest, QuitCommand.Instance),
            "NOOP" => NoopCommand.Instance,
            "HELP" => HelpCommand.Instance,
            "VRFY" => rest.Length > 0 ? VrfyCommand.Instance : new RefusedCommand(SmtpReply.Syntax),
            "EXPN" or "ETRN" or "TURN" or "SEND" or "SOML" or "SAML" => new RefusedCommand(SmtpReply.NotImplemented),
            // A browser made to speak to a mail server: the body of its request would be commands.
            "GET" or "POST" or "PUT" or "HEAD" or "OPTIONS" or "CONNECT" or "DELETE" or "PATCH" or "PRI" => new RefusedCommand(SmtpReply.ForeignProtocol),
            _ => new RefusedCommand(SmtpReply.Unrecognised),
        };
    }

    private static SmtpCommand WithoutParameters(string rest, SmtpCommand command) =>
        rest.Length == 0 ? command : new RefusedCommand(SmtpReply.NoParameters);

    private static bool TryDecode(ReadOnlySpan<byte> line, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (line.ContainsAnyInRange((byte)0, (byte)31)) return false;
        try
        {
            text = StrictUtf8.GetString(line);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
