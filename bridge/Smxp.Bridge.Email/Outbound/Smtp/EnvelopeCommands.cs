using System.Globalization;
using System.Text;

namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>MAIL and RCPT for a mail, with the parameters that the server offers to understand. Pure.</summary>
internal static class EnvelopeCommands
{
    /// <summary>Why a server cannot take a mail, known before a word is said; null where it can.</summary>
    public static string? Obstacle(OutgoingMail mail, ServerExtensions server, bool isEncrypted)
    {
        if (mail.Size > server.MaxSize) return $"takes mail of up to {server.MaxSize} bytes, this one has {mail.Size}";
        if (mail.Needs.HasFlag(MailNeeds.Utf8) && !server.Utf8) return "does not take addresses beyond ASCII (SMTPUTF8)";
        if (mail.Needs.HasFlag(MailNeeds.EightBit) && !server.EightBitMime) return "does not take mail with octets beyond ASCII (8BITMIME), and these cannot be converted (5.6.3)";
        // RFC 8689 §4.2.1: without the extension the mail would go on from there without protection.
        if (mail.Needs.HasFlag(MailNeeds.VerifiedTls) && !(server.RequireTls && isEncrypted)) return "does not promise to pass the mail on over verified TLS alone (REQUIRETLS), which its sender demands";
        return null;
    }

    public static string Mail(OutgoingMail mail, ServerExtensions server)
    {
        var command = new StringBuilder("MAIL FROM:<").Append(mail.ReturnPath).Append('>');
        if (server.Size) command.Append(CultureInfo.InvariantCulture, $" SIZE={mail.Size}");
        if (mail.Needs.HasFlag(MailNeeds.EightBit)) command.Append(" BODY=8BITMIME");
        if (mail.Needs.HasFlag(MailNeeds.Utf8)) command.Append(" SMTPUTF8");
        if (mail.Needs.HasFlag(MailNeeds.VerifiedTls)) command.Append(" REQUIRETLS");
        if (server.Notifications && mail.Return is not null) command.Append(" RET=").Append(mail.Return);
        if (server.Notifications && mail.EnvelopeId is { Length: > 0 } id && Xtext(id) is { Length: <= 100 } envelopeId) command.Append(" ENVID=").Append(envelopeId);
        return command.Append("\r\n").ToString();
    }

    public static string Recipient(OutgoingRecipient recipient, ServerExtensions server)
    {
        var command = new StringBuilder("RCPT TO:<").Append(recipient.Address).Append('>');
        if (server.Notifications && recipient.Notify is not null) command.Append(" NOTIFY=").Append(recipient.Notify);
        if (server.Notifications && recipient.Original is not null) command.Append(" ORCPT=").Append(OriginalRecipient(recipient.Original));
        return command.Append("\r\n").ToString();
    }

    // RFC 3461 §4.2; RFC 6533 §3 for what is not ASCII.
    private static string OriginalRecipient(string address) =>
        Ascii.IsValid(address) ? $"rfc822;{Xtext(address)}" : $"utf-8;{string.Concat(address.EnumerateRunes().Select(static rune => Unitext(rune)))}";

    // RFC 3461 §4: what is not printable, and + and =, as + and two hex digits.
    private static string Xtext(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(static b => b is > 0x20 and < 0x7f and not ((byte)'+' or (byte)'=') ? ((char)b).ToString() : $"+{b:X2}"));

    // RFC 6533 §3: the form for servers with SMTPUTF8 leaves letters as they are.
    private static string Unitext(Rune rune) => rune.Value is <= 0x20 or 0x7f or '+' or '=' or '\\' ? $"\\x{{{rune.Value:X2}}}" : rune.ToString();
}
