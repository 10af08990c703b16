using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Smxp.Mail.Smtp.Proxy;

/// <summary>What became of reading a PROXY header.</summary>
internal enum ProxyParse
{
    /// <summary>Nothing against it so far; more is needed.</summary>
    Incomplete,

    /// <summary>A header.</summary>
    Complete,

    /// <summary>No header.</summary>
    Malformed,
}

/// <summary>The header that a proxy puts before a connection (the PROXY protocol, versions 1 and 2, of HAProxy). Pure, and strict: there is nobody to be kind to.</summary>
/// <param name="Source">The client; null where the proxy speaks for itself (LOCAL) or does not know (UNKNOWN).</param>
internal readonly record struct ProxyHeader(IPAddress? Source)
{
    /// <summary>The longest header taken: far more than addresses and the usual extensions need.</summary>
    public const int MaxLength = 4096;

    private const int MaxLine = 107; // section 2.1
    private const int FixedLength = 16;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> LineStart => "PROXY "u8;

    /// <summary>Reads a header from the front of the input; <paramref name="length"/> is what it takes of it.</summary>
    public static ProxyParse TryParse(ReadOnlySpan<byte> input, out ProxyHeader header, out int length)
    {
        (header, length) = (default, 0);
        if (StartsAs(input, LineStart)) return input.Length < LineStart.Length ? ProxyParse.Incomplete : TryParseLine(input, out header, out length);
        if (StartsAs(input, Signature)) return input.Length < FixedLength ? ProxyParse.Incomplete : TryParseBinary(input, out header, out length);
        return ProxyParse.Malformed;
    }

    private static ProxyParse TryParseLine(ReadOnlySpan<byte> input, out ProxyHeader header, out int length)
    {
        (header, length) = (default, 0);
        int end = input[..Math.Min(input.Length, MaxLine)].IndexOf("\r\n"u8);
        if (end < 0) return input.Length < MaxLine ? ProxyParse.Incomplete : ProxyParse.Malformed;
        length = end + 2;
        var line = input[..end];
        if (line.ContainsAnyExceptInRange((byte)' ', (byte)'~')) return ProxyParse.Malformed;
        string[] words = Encoding.ASCII.GetString(line).Split(' ');
        // Section 2.1: what follows UNKNOWN is to be ignored.
        if (words[1] == "UNKNOWN") return ProxyParse.Complete;
        AddressFamily? family = words[1] switch
        {
            "TCP4" => AddressFamily.InterNetwork,
            "TCP6" => AddressFamily.InterNetworkV6,
            _ => null,
        };
        if (family is null || words.Length != 6 || !IsPort(words[4]) || !IsPort(words[5])) return ProxyParse.Malformed;
        if (ParseAddress(words[2], family.Value) is not { } source || ParseAddress(words[3], family.Value) is null) return ProxyParse.Malformed;
        header = new ProxyHeader(source);
        return ProxyParse.Complete;
    }

    private static ProxyParse TryParseBinary(ReadOnlySpan<byte> input, out ProxyHeader header, out int length)
    {
        (header, length) = (default, 0);
        int rest = BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        int whole = FixedLength + rest;
        if (input[12] is not (0x20 or 0x21) || whole > MaxLength) return ProxyParse.Malformed;
        // Section 2.2: family and protocol; what follows the addresses are extensions, to be skipped.
        int? addressLength = input[13] switch
        {
            0x00 => 0,
            0x11 => 4,
            0x21 => 16,
            _ => null,
        };
        bool local = input[12] == 0x20;
        if (!local && (addressLength is null || rest < (addressLength.Value * 2) + (addressLength.Value > 0 ? 4 : 0))) return ProxyParse.Malformed;
        if (input.Length < whole) return ProxyParse.Incomplete;
        length = whole;
        if (!local && addressLength > 0) header = new ProxyHeader(new IPAddress(input.Slice(FixedLength, addressLength.Value)));
        return ProxyParse.Complete;
    }

    private static bool StartsAs(ReadOnlySpan<byte> input, ReadOnlySpan<byte> start) =>
        input.Length < start.Length ? start.StartsWith(input) : input.StartsWith(start);

    private static IPAddress? ParseAddress(string text, AddressFamily family)
    {
        if (text.Contains('%', StringComparison.Ordinal) || text.Contains('[', StringComparison.Ordinal)) return null;
        if (!IPAddress.TryParse(text, out var address) || address.AddressFamily != family) return null;
        // IPAddress alone would take "1" and "0x7f.1" as well.
        return family == AddressFamily.InterNetworkV6 || address.ToString() == text ? address : null;
    }

    private static bool IsPort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port.ToString(CultureInfo.InvariantCulture) == text;
}
