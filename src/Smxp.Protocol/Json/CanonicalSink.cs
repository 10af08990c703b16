using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Smxp.Protocol.Json;

/// <summary>
/// Where canonical JSON goes: a pooled buffer that grows, or, made with a text to match, nowhere. A matching sink only asks
/// whether what would be written is what already stands there, so that a text found canonical is never written again.
/// </summary>
internal ref struct CanonicalSink
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\0\x01\x02\x03\x04\x05\x06\x07\b\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f");

    private readonly ReadOnlySpan<byte> _expected;
    private byte[]? _buffer;

    public CanonicalSink(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 256));

    public CanonicalSink(ReadOnlySpan<byte> expected) => _expected = expected;

    public int Length { get; private set; }

    public readonly bool IsMatching => _buffer is null;

    public bool HasMismatch { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _buffer is null ? _expected[..Length] : _buffer.AsSpan(0, Length);

    public readonly ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    public void Mismatch() => HasMismatch = true;

    public void Truncate(int length) => Length = length;

    public void Write(byte value) => Write([value]);

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (_buffer is null)
        {
            if (!HasMismatch && _expected[Length..].StartsWith(bytes)) Length += bytes.Length;
            else HasMismatch = true;
            return;
        }

        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>An integer. Beyond 2^53 it is the double that ECMAScript would hold.</summary>
    public void WriteInteger(long value)
    {
        Span<byte> text = stackalloc byte[EcmaNumber.MaxLength];
        int length;
        if (value is >= -EcmaNumber.MaxSafeInteger and <= EcmaNumber.MaxSafeInteger) Utf8Formatter.TryFormat(value, text, out length);
        else length = EcmaNumber.Format(value, text);
        Write(text[..length]);
    }

    /// <summary>A string in quotes, or <c>null</c>.</summary>
    public void WriteString(string? text)
    {
        if (text is null)
        {
            Write("null"u8);
            return;
        }

        Write((byte)'"');
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            int clean = rest.IndexOfAny(Escaped);
            if (clean < 0) clean = rest.Length;
            WriteTranscoded(rest[..clean]);
            if (clean < rest.Length) WriteUnit(rest[clean++]);
            rest = rest[clean..];
        }

        Write((byte)'"');
    }

    /// <summary>One UTF-16 code unit that is not half of a pair, escaped where ECMAScript escapes it (SMXP §5).</summary>
    public void WriteUnit(char unit)
    {
        Span<byte> bytes = stackalloc byte[6];
        switch (unit)
        {
            case '"': Write("\\\""u8); break;
            case '\\': Write("\\\\"u8); break;
            case '\b': Write("\\b"u8); break;
            case '\t': Write("\\t"u8); break;
            case '\n': Write("\\n"u8); break;
            case '\f': Write("\\f"u8); break;
            case '\r': Write("\\r"u8); break;
            case < ' ' or (>= '\ud800' and <= '\udfff'):
                "\\u"u8.CopyTo(bytes);
                Utf8Formatter.TryFormat((uint)unit, bytes[2..], out _, new StandardFormat('x', 4));
                Write(bytes);
                break;
            default:
                Write(bytes[..new Rune(unit).EncodeToUtf8(bytes)]);
                break;
        }
    }

    public readonly byte[] ToArray() => Written.ToArray();

    public void Dispose()
    {
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }

    private void WriteTranscoded(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            // Room for ASCII first; whatever needs more asks again, so that a large text never reserves three times its length.
            var status = Utf8.FromUtf16(text, Reserve(text.Length + 4), out int read, out int written, replaceInvalidSequences: false);
            Length += written;
            text = text[read..];
            if (status != OperationStatus.InvalidData) continue;
            WriteUnit(text[0]);
            text = text[1..];
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer!.Length - Length < count)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + count), (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(Length);
    }
}
