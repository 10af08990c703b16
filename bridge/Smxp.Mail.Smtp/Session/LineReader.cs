using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace Smxp.Mail.Smtp.Session;

/// <summary>What <see cref="LineReader"/> found.</summary>
internal enum LineKind
{
    /// <summary>Nothing whole yet.</summary>
    None,

    /// <summary>A line.</summary>
    Line,

    /// <summary>A line over the limit; it was skipped.</summary>
    TooLong,

    /// <summary>A CR or LF on its own.</summary>
    BareNewline,
}

/// <summary>Takes command lines from what has arrived. Only CRLF ends a line.</summary>
internal sealed class LineReader(int maxLine)
{
    // What is skipped of an over-long line before the client is taken for a flood.
    private const int MaxSkipped = 1 << 20;
    private const int FirstBuffer = 128;

    private byte[] _line = [];
    private int _length;
    private long _skipped;

    /// <summary>The line found, without CRLF; valid until the next is taken.</summary>
    public ReadOnlySpan<byte> Line => _line.AsSpan(0, _length);

    /// <summary>Whether more had arrived behind the line already.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Whether an over-long line goes on without end.</summary>
    public bool IsFlood => _skipped > MaxSkipped;

    /// <summary>Takes a line from the front of the buffer.</summary>
    public LineKind TryTake(ReadOnlySequence<byte> buffer, out SequencePosition consumed, out SequencePosition examined)
    {
        (consumed, examined) = (buffer.Start, buffer.End);
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadToAny(out ReadOnlySequence<byte> line, "\r\n"u8, advancePastDelimiter: false)) return Skip(buffer, ref consumed);
        if (reader.IsNext((byte)'\n')) return LineKind.BareNewline;
        reader.Advance(1);
        if (reader.End) return LineKind.None;
        if (!reader.IsNext((byte)'\n', advancePast: true)) return LineKind.BareNewline;
        consumed = examined = reader.Position;
        HasMore = !reader.End;
        if (_skipped > 0 || line.Length + 2 > maxLine)
        {
            _skipped = 0;
            return LineKind.TooLong;
        }

        // Most sessions never need more than a little.
        _length = (int)line.Length;
        if (_length > _line.Length) _line = new byte[Math.Min(maxLine, Math.Max(FirstBuffer, _length * 2))];
        line.CopyTo(_line);
        return LineKind.Line;
    }

    /// <summary>Overwrites the line, which held a secret.</summary>
    public void Forget()
    {
        CryptographicOperations.ZeroMemory(_line);
        _length = 0;
    }

    private LineKind Skip(ReadOnlySequence<byte> buffer, ref SequencePosition consumed)
    {
        if (_skipped == 0 && buffer.Length <= maxLine) return LineKind.None;
        _skipped += buffer.Length;
        consumed = buffer.End;
        return LineKind.None;
    }
}
