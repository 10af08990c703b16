using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Smxp.Mail.Smtp.Paths;

/// <summary>Reads paths by the grammar of RFC 5321 §4.1.2 as widened by RFC 6531 §3.3. Pure.</summary>
internal static class PathParser
{
    // RFC 5321 §4.5.3.1.1–3.
    private const int MaxLocal = 64;
    private const int MaxDomain = 255;

    private static readonly SearchValues<char> DigitsAndDots = SearchValues.Create("0123456789.");

    /// <summary>Takes a path in angle brackets from the front of <paramref name="text"/>.</summary>
    public static bool TryRead(ref ReadOnlySpan<char> text, [NotNullWhen(true)] out MailPath? path)
    {
        path = null;
        if (!Take(ref text, '<')) return false;
        if (Take(ref text, '>'))
        {
            path = MailPath.Null;
            return true;
        }

        if (!SkipSourceRoute(ref text) || !TryReadLocal(ref text, out string? local)) return false;
        string? domain = "";
        if (Take(ref text, '@'))
        {
            if (!TryReadDomain(ref text, out domain)) return false;
        }
        else if (!local.Equals("postmaster", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (!Take(ref text, '>')) return false;
        path = new MailPath(local, domain);
        return true;
    }

    /// <summary>Whether a local part needs no quotes.</summary>
    public static bool IsDotString(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] == '.' || text[^1] == '.' || text.Contains("..", StringComparison.Ordinal)) return false;
        foreach (char c in text)
        {
            if (c != '.' && !IsAtomCharacter(c)) return false;
        }

        return true;
    }

    // RFC 5321 §4.1.1.3: "@one,@two:" must be accepted and should be ignored.
    private static bool SkipSourceRoute(ref ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '@') return true;
        do
        {
            if (!Take(ref text, '@') || !TryReadDomain(ref text, out _)) return false;
        }
        while (Take(ref text, ','));
        return Take(ref text, ':');
    }

    private static bool TryReadLocal(ref ReadOnlySpan<char> text, [NotNullWhen(true)] out string? local)
    {
        if (!text.IsEmpty && text[0] == '"') return TryReadQuoted(ref text, out local);
        local = null;
        int length = 0;
        while (length < text.Length && (text[length] == '.' || IsAtomCharacter(text[length]))) length++;
        if (Encoding.UTF8.GetByteCount(text[..length]) > MaxLocal || !IsDotString(text[..length])) return false;
        local = text[..length].ToString();
        text = text[length..];
        return true;
    }

    private static bool TryReadQuoted(ref ReadOnlySpan<char> text, [NotNullWhen(true)] out string? local)
    {
        local = null;
        var plain = new StringBuilder();
        for (int i = 1; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"')
            {
                local = plain.ToString();
                text = text[(i + 1)..];
                return local.Length > 0 && Encoding.UTF8.GetByteCount(local) <= MaxLocal;
            }

            if (c == '\\' && (++i == text.Length || (c = text[i]) > '~')) return false;
            if (char.IsControl(c)) return false;
            plain.Append(c);
        }

        return false;
    }

    private static bool TryReadDomain(ref ReadOnlySpan<char> text, [NotNullWhen(true)] out string? domain)
    {
        domain = null;
        int length;
        if (!text.IsEmpty && text[0] == '[')
        {
            length = text.IndexOf(']') + 1;
            if (length == 0 || !IsLiteral(text[1..(length - 1)])) return false;
        }
        else
        {
            length = 0;
            while (length < text.Length && (text[length] == '.' || IsLabelCharacter(text[length]))) length++;
            if (!IsDomain(text[..length])) return false;
        }

        if (length > MaxDomain) return false;
        domain = text[..length].ToString();
        text = text[length..];
        return true;
    }

    private static bool IsDomain(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split('.'))
        {
            var label = text[range];
            if (label.IsEmpty || label.Length > 63 || label[0] == '-' || label[^1] == '-') return false;
        }

        return true;
    }

    private static bool IsLiteral(ReadOnlySpan<char> text)
    {
        const string Ipv6 = "IPv6:";
        if (text.StartsWith(Ipv6, StringComparison.OrdinalIgnoreCase))
        {
            var address = text[Ipv6.Length..];
            return !address.ContainsAny('[', '%') && IPAddress.TryParse(address, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6;
        }

        // IPAddress alone would take "1" and "0x7f.1" as well.
        return text.Count('.') == 3 && !text.ContainsAnyExcept(DigitsAndDots) && IPAddress.TryParse(text, out _);
    }

    private static bool IsAtomCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal) || IsBeyondAscii(c);

    private static bool IsLabelCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '-' || IsBeyondAscii(c);

    private static bool IsBeyondAscii(char c) => c > '\x9f' && !char.IsWhiteSpace(c);

    private static bool Take(ref ReadOnlySpan<char> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected) return false;
        text = text[1..];
        return true;
    }
}
