using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Smxp.Protocol;

/// <summary>Service bindings as text: presentation form (RFC 9460 §2.1) and generic form (RFC 3597 §5). Bytes are held one to a character.</summary>
internal static class ServiceBindingText
{
    private const int MaxLength = 4 * ushort.MaxValue;

    public static bool TryRead(string text, [NotNullWhen(true)] out ServiceBinding? binding)
    {
        binding = null;
        if (text.Length > MaxLength || Split(text) is not { Count: >= 2 } words) return false;
        if (words[0] == "#" && text.TrimStart().StartsWith("\\#", StringComparison.Ordinal)) return TryReadGeneric(words, out binding);
        if (!ushort.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort priority)) return false;
        string target = words[1] == "." ? "." : (words[1].EndsWith('.') ? words[1][..^1] : words[1]).ToLowerInvariant();
        if (!ServiceBindingWire.IsHostName(target)) return false;
        var parameters = new SortedDictionary<ushort, byte[]>();
        foreach (string word in words.Skip(2))
        {
            // RFC 9460 §2.1: in any order here, but none twice.
            if (!TryReadParameter(word, out ushort key, out byte[]? value) || !parameters.TryAdd(key, value)) return false;
        }

        var bare = new ServiceBinding { Priority = priority, TargetName = target };
        binding = priority == 0 ? bare : ServiceParameters.Apply(bare, parameters);
        return binding is not null;
    }

    public static string Write(ServiceBinding binding)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{binding.Priority} {(binding.TargetName == "." ? "." : binding.TargetName + ".")}");
        if (binding.Priority == 0) return text.ToString();
        if (binding.Mandatory.Count > 0) text.Append(" mandatory=").AppendJoin(',', binding.Mandatory.Order().Select(ServiceParameters.NameOf));
        if (binding.Alpn.Count > 0) text.Append(" alpn=").Append(Quote(string.Join(',', binding.Alpn.Select(EscapeItem))));
        if (binding.NoDefaultAlpn) text.Append(" no-default-alpn");
        if (binding.Port is { } port) text.Append(CultureInfo.InvariantCulture, $" port={port}");
        if (binding.Ipv4Hints.Count > 0) text.Append(" ipv4hint=").AppendJoin(',', binding.Ipv4Hints);
        if (binding.Ipv6Hints.Count > 0) text.Append(" ipv6hint=").AppendJoin(',', binding.Ipv6Hints);
        foreach (var (key, value) in binding.OtherParameters)
        {
            text.Append(' ').Append(ServiceParameters.NameOf(key));
            if (key == ServiceParameters.Ech) text.Append('=').Append(Convert.ToBase64String(value));
            else if (value.Length > 0) text.Append('=').Append(Quote(Encoding.Latin1.GetString(value)));
        }

        return text.ToString();
    }

    private static bool TryReadGeneric(List<string> words, [NotNullWhen(true)] out ServiceBinding? binding)
    {
        binding = null;
        if (!ushort.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out ushort length)) return false;
        string digits = string.Concat(words.Skip(2));
        return digits.Length == 2 * length && digits.All(char.IsAsciiHexDigit) && ServiceBindingWire.TryRead(Convert.FromHexString(digits), out binding);
    }

    private static bool TryReadParameter(string word, out ushort key, [NotNullWhen(true)] out byte[]? value)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word : word[..equals], text = equals < 0 ? "" : word[(equals + 1)..];
        value = null;
        if (!ServiceParameters.TryGetKey(name, out key)) return false;
        value = key switch
        {
            ServiceParameters.Mandatory => ReadMandatory(text),
            ServiceParameters.Alpn => ReadAlpn(text),
            ServiceParameters.Port => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? ServiceParameters.BigEndian(port) : null,
            ServiceParameters.Ipv4Hint => ReadAddresses(text, AddressFamily.InterNetwork),
            ServiceParameters.Ipv6Hint => ReadAddresses(text, AddressFamily.InterNetworkV6),
            ServiceParameters.Ech => ReadBase64(text),
            _ => Encoding.Latin1.GetBytes(text),
        };
        return value is { Length: <= ushort.MaxValue };
    }

    private static byte[]? ReadMandatory(string text)
    {
        var keys = new List<ushort>();
        foreach (string name in text.Split(','))
        {
            if (!ServiceParameters.TryGetKey(name, out ushort key)) return null;
            keys.Add(key);
        }

        return [.. keys.Order().SelectMany(ServiceParameters.BigEndian)];
    }

    private static byte[]? ReadAlpn(string text)
    {
        var value = new List<byte>();
        foreach (string protocol in SplitItems(text))
        {
            if (protocol.Length is 0 or > byte.MaxValue) return null;
            value.Add((byte)protocol.Length);
            value.AddRange(Encoding.Latin1.GetBytes(protocol));
        }

        return [.. value];
    }

    private static byte[]? ReadAddresses(string text, AddressFamily family)
    {
        var value = new List<byte>();
        foreach (string item in text.Split(','))
        {
            if (!IPAddress.TryParse(item, out var address) || address.AddressFamily != family) return null;
            value.AddRange(address.GetAddressBytes());
        }

        return [.. value];
    }

    private static byte[]? ReadBase64(string text)
    {
        byte[] value = new byte[text.Length];
        return Convert.TryFromBase64String(text, value, out int written) ? value[..written] : null;
    }

    /// <summary>Words between blanks, quotes and escapes resolved (RFC 1035 §5.1, RFC 9460 appendix A); null where they are broken.</summary>
    private static List<string>? Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool quoted = false, inWord = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c > '\x7e') return null;
            if (c == '\\')
            {
                if (ReadEscape(text, ref i) is not { } escaped) return null;
                word.Append(escaped);
                inWord = true;
            }
            else if (c == '"')
            {
                quoted = !quoted;
                inWord = true;
            }
            else if (!quoted && c is ' ' or '\t')
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else
            {
                if (c < ' ') return null;
                word.Append(c);
                inWord = true;
            }
        }

        if (inWord) words.Add(word.ToString());
        return quoted ? null : words;
    }

    private static char? ReadEscape(string text, ref int i)
    {
        if (i + 1 >= text.Length) return null;
        if (!char.IsAsciiDigit(text[i + 1])) return text[++i] is var c and <= '\x7e' ? c : null;
        if (i + 3 >= text.Length || !byte.TryParse(text.AsSpan(i + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out byte value)) return null;
        i += 3;
        return (char)value;
    }

    /// <summary>RFC 9460 appendix A.1: items between commas, with <c>\,</c> and <c>\\</c> inside them.</summary>
    private static IEnumerable<string> SplitItems(string text)
    {
        var item = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                item.Append(text[++i]);
            }
            else if (text[i] == ',')
            {
                yield return item.ToString();
                item.Clear();
            }
            else
            {
                item.Append(text[i]);
            }
        }

        yield return item.ToString();
    }

    private static string EscapeItem(string item) =>
        item.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);

    private static string Quote(string value)
    {
        var text = new StringBuilder();
        foreach (char c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c is < ' ' or > '\x7e') text.Append(CultureInfo.InvariantCulture, $"\\{(int)c:D3}");
            else text.Append(c);
        }

        return value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or ',' or '.' or '/') ? text.ToString() : $"\"{text}\"";
    }
}
