using System.Buffers;
using System.Globalization;
using System.Text;

namespace Smxp.Protocol.Json;

/// <summary>
/// JSON strings between their quotes, as they stand in a text that a reader has accepted. System.Text.Json refuses to hand out lone
/// surrogates; ECMAScript keeps them, and signatures cover them, so they are read here.
/// </summary>
internal static class JsonText
{
    private const int OnStack = 512;

    /// <summary>The string's value, lone surrogates included.</summary>
    public static string Decode(ReadOnlySpan<byte> json)
    {
        int escape = json.IndexOf((byte)'\\');
        if (escape < 0) return Encoding.UTF8.GetString(json);

        char[]? rented = json.Length > OnStack ? ArrayPool<char>.Shared.Rent(json.Length) : null;
        Span<char> text = rented ?? stackalloc char[OnStack];
        int length = 0;
        for (; escape >= 0; escape = json.IndexOf((byte)'\\'))
        {
            length += Encoding.UTF8.GetChars(json[..escape], text[length..]);
            text[length++] = ReadEscape(json[escape..], out int consumed);
            json = json[(escape + consumed)..];
        }

        length += Encoding.UTF8.GetChars(json, text[length..]);
        string value = new(text[..length]);
        if (rented is not null) ArrayPool<char>.Shared.Return(rented);
        return value;
    }

    /// <summary>Writes the string in canonical form, quotes included.</summary>
    public static void WriteCanonical(ReadOnlySpan<byte> json, ref CanonicalSink sink)
    {
        Span<byte> pair = stackalloc byte[4];
        sink.Write((byte)'"');
        for (int escape = json.IndexOf((byte)'\\'); escape >= 0; escape = json.IndexOf((byte)'\\'))
        {
            sink.Write(json[..escape]);
            char unit = ReadEscape(json[escape..], out int consumed);
            json = json[(escape + consumed)..];
            if (char.IsHighSurrogate(unit) && json.StartsWith("\\u"u8)
                && ReadEscape(json, out consumed) is var low && char.IsLowSurrogate(low))
            {
                sink.Write(pair[..new Rune(unit, low).EncodeToUtf8(pair)]);
                json = json[consumed..];
            }
            else
            {
                sink.WriteUnit(unit);
            }
        }

        sink.Write(json);
        sink.Write((byte)'"');
    }

    /// <summary>Whether the string is this one, which is ASCII.</summary>
    public static bool Is(ReadOnlySpan<byte> json, string ascii) =>
        json.Contains((byte)'\\') ? Decode(json) == ascii : Ascii.Equals(json, ascii);

    private static char ReadEscape(ReadOnlySpan<byte> json, out int consumed)
    {
        consumed = 2;
        switch ((char)json[1])
        {
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u':
                consumed = 6;
                return (char)ushort.Parse(json.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            case var other: return other;
        }
    }
}
