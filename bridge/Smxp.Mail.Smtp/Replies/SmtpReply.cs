using System.Buffers;
using System.Text;

namespace Smxp.Mail.Smtp.Replies;

/// <summary>A reply (RFC 5321 §4.2) with its enhanced status code (RFC 3463). Every reply the server itself gives is named here.</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Enhanced">The enhanced code, e.g. <c>5.1.1</c>; null where there is none (greeting, EHLO, 354).</param>
/// <param name="Text">The words. Each line of it becomes a line of the reply; control characters and non-ASCII are replaced, so that no text can forge a reply.</param>
public sealed record SmtpReply(int Code, string? Enhanced, string Text)
{
    // RFC 5321 §4.5.3.1.5: a reply line has at most 512 octets.
    private const int MaxLine = 480;

    /// <summary>MAIL accepted.</summary>
    public static SmtpReply SenderOk { get; } = new(250, "2.1.0", "Sender ok");

    /// <summary>RCPT accepted.</summary>
    public static SmtpReply RecipientOk { get; } = new(250, "2.1.5", "Recipient ok");

    /// <summary>The mail is stored.</summary>
    public static SmtpReply Stored { get; } = new(250, "2.0.0", "Stored");

    /// <summary>The store is full.</summary>
    public static SmtpReply OutOfSpace { get; } = new(452, "4.3.1", "Out of space, try again later");

    /// <summary>Something here does not work at the moment.</summary>
    public static SmtpReply LocalError { get; } = new(451, "4.3.0", "Temporary failure, try again later");

    internal static SmtpReply Ok { get; } = new(250, "2.0.0", "Ok");
    internal static SmtpReply Closing { get; } = new(221, "2.0.0", "Goodbye");
    internal static SmtpReply StartTls { get; } = new(220, "2.0.0", "Go ahead");
    internal static SmtpReply StartData { get; } = new(354, null, "End with CRLF.CRLF");
    internal static SmtpReply CannotVerify { get; } = new(252, "2.5.0", "Send some mail, it will do its best");
    internal static SmtpReply Help { get; } = new(214, "2.0.0", "EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY STARTTLS AUTH HELP QUIT");
    internal static SmtpReply SignedIn { get; } = new(235, "2.7.0", "You are signed in");

    internal static SmtpReply TooManyConnections { get; } = new(421, "4.7.0", "Too many connections, try again later");
    internal static SmtpReply ShuttingDown { get; } = new(421, "4.3.2", "Shutting down, try again later");
    internal static SmtpReply TimedOut { get; } = new(421, "4.4.2", "Timed out");
    internal static SmtpReply TooManyErrors { get; } = new(421, "4.7.0", "Too many errors");
    internal static SmtpReply TooManyCommands { get; } = new(421, "4.7.0", "Too many commands in one session");
    internal static SmtpReply TooManyMailsInSession { get; } = new(421, "4.7.0", "Too many mails in one session, send the rest in another");
    internal static SmtpReply TooManyFailures { get; } = new(421, "4.7.0", "Too many failed attempts to sign in");
    internal static SmtpReply TooManyMails { get; } = new(450, "4.7.0", "Too many mails in a short time, try again later");
    internal static SmtpReply TooManyRecipientsForNow { get; } = new(450, "4.7.0", "Too many recipients in a short time, try again later");
    internal static SmtpReply AuthenticationUnavailable { get; } = new(454, "4.7.0", "Signing in does not work at the moment, try again later");
    internal static SmtpReply TooManyRecipients { get; } = new(452, "4.5.3", "Too many recipients, send the rest in another mail");

    internal static SmtpReply Unrecognised { get; } = new(500, "5.5.2", "Command not recognised");
    internal static SmtpReply NotImplemented { get; } = new(502, "5.5.1", "Command not implemented");
    internal static SmtpReply CommandTooLong { get; } = new(500, "5.5.2", "Line too long");
    internal static SmtpReply Syntax { get; } = new(501, "5.5.4", "Syntax error in parameters");
    internal static SmtpReply NoParameters { get; } = new(501, "5.5.4", "This command takes no parameters");
    internal static SmtpReply BadParameter { get; } = new(555, "5.5.4", "Parameter not recognised or not implemented");
    internal static SmtpReply BadAddress { get; } = new(553, "5.1.3", "Not a valid mailbox; it has the form <local@domain>");
    internal static SmtpReply NeedsInternational { get; } = new(553, "5.6.7", "A non-ASCII address needs SMTPUTF8");
    internal static SmtpReply HelloFirst { get; } = new(503, "5.5.1", "Say EHLO first");
    internal static SmtpReply MailFirst { get; } = new(503, "5.5.1", "Say MAIL first");
    internal static SmtpReply NestedMail { get; } = new(503, "5.5.1", "A mail is under way already");
    internal static SmtpReply NoRecipients { get; } = new(554, "5.5.1", "No valid recipients");
    internal static SmtpReply ChunksUnderWay { get; } = new(503, "5.5.1", "A mail in chunks is under way");
    internal static SmtpReply BinaryNeedsChunks { get; } = new(503, "5.5.1", "A BINARYMIME mail is sent with BDAT");
    internal static SmtpReply MailUnderWay { get; } = new(503, "5.5.1", "Not within a mail");
    internal static SmtpReply AlreadySignedIn { get; } = new(503, "5.5.1", "You are signed in already");
    internal static SmtpReply SignInFirst { get; } = new(530, "5.7.0", "Sign in first");
    internal static SmtpReply EncryptFirst { get; } = new(530, "5.7.0", "Say STARTTLS first");
    internal static SmtpReply EncryptToSignIn { get; } = new(538, "5.7.11", "Signing in needs TLS");
    internal static SmtpReply UnknownMechanism { get; } = new(504, "5.5.4", "No such way to sign in");
    internal static SmtpReply NotBase64 { get; } = new(501, "5.5.2", "That is not base64");
    internal static SmtpReply ResponseTooLong { get; } = new(500, "5.5.6", "Line too long");
    internal static SmtpReply SignInCancelled { get; } = new(501, "5.7.0", "Cancelled");
    internal static SmtpReply WrongCredentials { get; } = new(535, "5.7.8", "Wrong name or password");
    internal static SmtpReply NotForYou { get; } = new(550, "5.7.0", "Not allowed from your address");
    internal static SmtpReply AlreadyEncrypted { get; } = new(503, "5.5.1", "TLS is on already");

    internal static SmtpReply TooLarge { get; } = new(552, "5.3.4", "Larger than this server takes");
    internal static SmtpReply HeaderTooLarge { get; } = new(552, "5.3.4", "The header is larger than this server takes");
    internal static SmtpReply TextLineTooLong { get; } = new(554, "5.6.0", "A line of the mail is too long");
    internal static SmtpReply BareNewlineInMail { get; } = new(550, "5.5.2", "Bare CR or LF in the mail; lines end with CRLF (RFC 5321 2.3.8)");

    // RFC 7504: 521 closes the connection from our side. After these nothing the client says can be trusted to mean what it seems to.
    internal static SmtpReply BareNewline { get; } = new(521, "5.5.2", "Bare CR or LF; lines end with CRLF (RFC 5321 2.3.8)");
    internal static SmtpReply BadChunk { get; } = new(521, "5.5.4", "Not BDAT and a length; where the chunk ends cannot be known");
    internal static SmtpReply FloodOfMail { get; } = new(521, "5.3.4", "Far larger than this server takes");
    internal static SmtpReply ImproperPipelining { get; } = new(521, "5.5.1", "You did not wait for the reply to a command that ends a group (RFC 2920 3.1)");
    internal static SmtpReply ForeignProtocol { get; } = new(521, "5.5.1", "This is SMTP");

    // RFC 5321 §3.1: instead of a greeting; the connection ends with it.
    internal static SmtpReply EarlyTalker { get; } = new(554, "5.5.1", "You spoke before the greeting");

    /// <summary>Whether the connection ends after it.</summary>
    internal bool Closes => Code is 221 or 421 or 521;

    /// <summary>Whether it refuses for good.</summary>
    internal bool IsError => Code >= 500;

    /// <summary>Whether it agrees.</summary>
    internal bool IsPositive => Code is >= 200 and < 400;

    internal static SmtpReply Greeting(string hostName) => new(220, null, $"{hostName} ESMTP");

    internal static SmtpReply Challenge(string text) => new(334, null, text);

    internal static SmtpReply ChunkTaken(long length) => new(250, "2.0.0", $"{length} octets received");

    internal static SmtpReply Hello(string hostName) => new(250, null, hostName);

    internal static SmtpReply Hello(string hostName, IEnumerable<string> extensions) => new(250, null, string.Join('\n', [hostName, .. extensions]));

    internal void WriteTo(IBufferWriter<byte> output)
    {
        var rest = Text.AsSpan();
        while (true)
        {
            int end = rest.IndexOf('\n');
            var line = end < 0 ? rest : rest[..end];
            WriteLine(output, line, last: end < 0);
            if (end < 0) return;
            rest = rest[(end + 1)..];
        }
    }

    private void WriteLine(IBufferWriter<byte> output, ReadOnlySpan<char> text, bool last)
    {
        text = text.TrimEnd('\r');
        if (text.Length > MaxLine) text = text[..MaxLine];
        var line = output.GetSpan(text.Length + 32);
        Code.TryFormat(line, out int written);
        line[written++] = last ? (byte)' ' : (byte)'-';
        if (Enhanced is not null)
        {
            written += Encoding.ASCII.GetBytes(Enhanced, line[written..]);
            line[written++] = (byte)' ';
        }

        foreach (char c in text) line[written++] = c is >= ' ' and <= '~' ? (byte)c : (byte)'?';
        line[written++] = (byte)'\r';
        line[written++] = (byte)'\n';
        output.Advance(written);
    }
}
