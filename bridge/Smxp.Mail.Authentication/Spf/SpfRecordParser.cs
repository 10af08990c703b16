using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Smxp.Mail.Authentication.Spf;

/// <summary>Reads an SPF record by the grammar of RFC 7208 §12. Pure; a fault is named, never thrown.</summary>
internal static class SpfRecordParser
{
    private static readonly SearchValues<char> Ip6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static bool TryParse(string text, [NotNullWhen(true)] out SpfRecord? record, [NotNullWhen(false)] out string? fault)
    {
        record = null;
        fault = null;
        if (!SpfRecord.IsVersion1(text))
        {
            fault = "not an SPF record";
            return false;
        }

        var directives = new List<SpfDirective>();
        MacroString? redirect = null, explanation = null;
        foreach (string term in text[6..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int name = NameLength(term);
            bool understood;
            if (name > 0 && name < term.Length && term[name] == '=')
            {
                string value = term[(name + 1)..];
                understood = term[..name].ToLowerInvariant() switch
                {
                    // RFC 7208 §6: each at most once.
                    "redirect" => redirect is null && MacroString.TryParseDomain(value, out redirect),
                    "exp" => explanation is null && MacroString.TryParseDomain(value, out explanation),
                    _ => MacroString.TryParse(value, out _),
                };
            }
            else if (understood = TryDirective(term, out var directive))
            {
                directives.Add(directive!);
            }

            if (understood) continue;
            fault = $"'{term}' cannot be understood";
            return false;
        }

        record = new SpfRecord(directives, redirect, explanation);
        return true;
    }

    private static bool TryDirective(string term, [NotNullWhen(true)] out SpfDirective? directive)
    {
        directive = null;
        var (result, start) = term[0] switch
        {
            '+' => (SpfResult.Pass, 1),
            '-' => (SpfResult.Fail, 1),
            '~' => (SpfResult.SoftFail, 1),
            '?' => (SpfResult.Neutral, 1),
            _ => (SpfResult.Pass, 0),
        };
        string text = term[start..];
        int end = NameLength(text);
        string rest = text[end..];
        if (!TryMechanism(text[..end], out var mechanism)) return false;

        MacroString? target = null;
        IPAddress? network = null;
        int prefix4 = 32, prefix6 = 128;
        bool understood = mechanism switch
        {
            SpfMechanism.All => rest.Length == 0,
            SpfMechanism.Include or SpfMechanism.Exists => rest.StartsWith(':') && MacroString.TryParseDomain(rest[1..], out target),
            SpfMechanism.Ptr => TryTarget(rest, out target),
            SpfMechanism.Ip4 => TryNetwork(rest, AddressFamily.InterNetwork, out network, ref prefix4),
            SpfMechanism.Ip6 => TryNetwork(rest, AddressFamily.InterNetworkV6, out network, ref prefix6),
            _ => TryPrefixes(ref rest, ref prefix4, ref prefix6) && TryTarget(rest, out target),
        };
        if (understood) directive = new SpfDirective(result, mechanism, target, network, prefix4, prefix6, term);
        return understood;
    }

    private static bool TryMechanism(string name, out SpfMechanism mechanism)
    {
        (mechanism, bool known) = name.ToLowerInvariant() switch
        {
            "all" => (SpfMechanism.All, true),
            "include" => (SpfMechanism.Include, true),
            "a" => (SpfMechanism.A, true),
            "mx" => (SpfMechanism.Mx, true),
            "ptr" => (SpfMechanism.Ptr, true),
            "ip4" => (SpfMechanism.Ip4, true),
            "ip6" => (SpfMechanism.Ip6, true),
            "exists" => (SpfMechanism.Exists, true),
            _ => (default, false),
        };
        return known;
    }

    // [ ":" domain-spec ]
    private static bool TryTarget(string text, out MacroString? target)
    {
        target = null;
        return text.Length == 0 || (text[0] == ':' && MacroString.TryParseDomain(text[1..], out target));
    }

    // ":" address [ "/" prefix ]
    private static bool TryNetwork(string text, AddressFamily family, out IPAddress? network, ref int prefix)
    {
        network = null;
        if (!text.StartsWith(':')) return false;
        string address = text[1..];
        int slash = address.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            if (!TryPrefix(address.AsSpan(slash + 1), prefix, out prefix)) return false;
            address = address[..slash];
        }

        // IPAddress alone would take "1", "010.0.0.1", zones, brackets and ports as well.
        bool shaped = family == AddressFamily.InterNetwork ? IsDottedQuad(address) : !address.AsSpan().ContainsAnyExcept(Ip6Characters);
        return shaped && IPAddress.TryParse(address, out network) && network.AddressFamily == family;
    }

    // Takes "/24", "//64" or both off the end. A domain-spec may hold slashes of its own, so the end decides.
    private static bool TryPrefixes(ref string text, ref int prefix4, ref int prefix6)
    {
        int digits = text.Length;
        while (digits > 0 && char.IsAsciiDigit(text[digits - 1])) digits--;
        if (digits >= 2 && digits < text.Length && text[digits - 1] == '/' && text[digits - 2] == '/')
        {
            if (!TryPrefix(text.AsSpan(digits), 128, out prefix6)) return false;
            text = text[..(digits - 2)];
            digits = text.Length;
            while (digits > 0 && char.IsAsciiDigit(text[digits - 1])) digits--;
        }

        if (digits >= 1 && digits < text.Length && text[digits - 1] == '/')
        {
            if (!TryPrefix(text.AsSpan(digits), 32, out prefix4)) return false;
            text = text[..(digits - 1)];
        }

        return true;
    }

    private static bool TryPrefix(ReadOnlySpan<char> text, int most, out int prefix)
    {
        prefix = 0;
        if (text.Length is 0 or > 3 || (text.Length > 1 && text[0] == '0')) return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
            prefix = (prefix * 10) + (c - '0');
        }

        return prefix <= most;
    }

    private static bool IsDottedQuad(string text)
    {
        string[] parts = text.Split('.');
        return parts.Length == 4 && Array.TrueForAll(parts, static part => TryPrefix(part, 255, out _));
    }

    private static int NameLength(string text)
    {
        int length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || (length > 0 && text[length] is '-' or '_' or '.'))) length++;
        return length > 0 && char.IsAsciiLetter(text[0]) ? length : 0;
    }
}
