using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Smxp.Mail.Smtp.Notifications;

namespace Smxp.Mail.Smtp.Proxy;

/// <summary>
/// What an XCLIENT command says of the client (Postfix, XCLIENT_README): each value null where it was not named, and with <c>Known</c> false where it is
/// <c>[UNAVAILABLE]</c> or <c>[TEMPUNAVAIL]</c>. Parsing is pure.
/// </summary>
internal sealed record XclientAttributes
{
    /// <summary>The attributes understood, as announced.</summary>
    public const string Names = "NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT";

    private const int MaxValue = 255;

    public (bool Known, string Value)? Name { get; private set; }

    /// <summary>The client's address; null where it was not named or is not known.</summary>
    public IPAddress? Address { get; private set; }

    public bool? Extended { get; private set; }

    public (bool Known, string Value)? Hello { get; private set; }

    public (bool Known, string Value)? Login { get; private set; }

    /// <summary>Reads the attributes; null for anything that is not exactly so.</summary>
    public static XclientAttributes? TryParse(string text)
    {
        var attributes = new XclientAttributes();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string word in text.Split(' '))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) return null;
            string name = word[..equals].ToUpperInvariant();
            if (!seen.Add(name) || !Xtext.TryDecode(word.AsSpan(equals + 1), international: true, out string? value)) return null;
            if (value.Length is 0 or > MaxValue || value.Any(char.IsControl) || !attributes.Set(name, value)) return null;
        }

        return attributes;
    }

    private bool Set(string name, string value)
    {
        bool known = value.ToUpperInvariant() is not ("[UNAVAILABLE]" or "[TEMPUNAVAIL]");
        switch (name)
        {
            case "NAME":
                Name = (known, value);
                return !value.Contains(' ', StringComparison.Ordinal);
            case "HELO":
                Hello = (known, value);
                return !value.Contains(' ', StringComparison.Ordinal);
            case "LOGIN":
                Login = (known, value);
                return true;
            case "ADDR":
                Address = known ? ParseAddress(value) : null;
                return !known || Address is not null;
            case "PROTO":
                Extended = known ? value.Equals("ESMTP", StringComparison.OrdinalIgnoreCase) : null;
                return !known || Extended == true || value.Equals("SMTP", StringComparison.OrdinalIgnoreCase);
            // Nothing here depends on the rest; it must make sense all the same.
            case "DESTADDR":
                return !known || ParseAddress(value) is not null;
            case "PORT" or "DESTPORT":
                return !known || ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);
            default:
                return false;
        }
    }

    private static IPAddress? ParseAddress(string value)
    {
        const string Ipv6 = "IPV6:";
        bool v6 = value.StartsWith(Ipv6, StringComparison.OrdinalIgnoreCase);
        string text = v6 ? value[Ipv6.Length..] : value;
        if (text.AsSpan().ContainsAny('%', '[') || !IPAddress.TryParse(text, out var address)) return null;
        if (v6) return address.AddressFamily == AddressFamily.InterNetworkV6 ? address : null;
        return address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text ? address : null;
    }
}
