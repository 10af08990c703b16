using System.Buffers;

namespace Smxp.Mail.Authentication.Messages;

/// <summary>A message read from its original octets: header fields kept as they came, the body streamed past. Nothing is parsed as MIME and nothing written anew,
/// since a signature is over octets; and the memory it takes is the header's, however long the body is.</summary>
internal sealed class RawMessage
{
    /// <summary>A header beyond this is no header; signatures over it are not looked at.</summary>
    public const int MaxHeaderBytes = 1024 * 1024;

    private const int BufferBytes = 32 * 1024;

    private readonly Stream _stream;
    private readonly LineEnds _lineEnds;
    private readonly ReadOnlyMemory<byte> _bodyStart;

    private RawMessage(Stream stream, LineEnds lineEnds, IReadOnlyList<RawHeader> headers, ReadOnlyMemory<byte> bodyStart)
    {
        _stream = stream;
        _lineEnds = lineEnds;
        Headers = headers;
        _bodyStart = bodyStart;
    }

    /// <summary>The header fields, from the top.</summary>
    public IReadOnlyList<RawHeader> Headers { get; }

    /// <summary>Reads the header; null where it is longer than <see cref="MaxHeaderBytes"/>. The stream stays open and belongs to the caller.</summary>
    public static async Task<RawMessage?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var lineEnds = new LineEnds();
        var text = new ArrayBufferWriter<byte>();
        byte[] buffer = new byte[BufferBytes];
        int searched = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            text.Advance(lineEnds.Convert(buffer.AsSpan(0, read), text.GetSpan(2 * read + 1)));
            int end = FindEnd(text.WrittenSpan, searched);
            if (end >= 0 || read == 0)
            {
                if (end < 0) end = text.WrittenCount;
                if (end > MaxHeaderBytes) return null;
                return new RawMessage(stream, lineEnds, Split(text.WrittenMemory[..end]), SkipLineEnd(text.WrittenMemory[end..]));
            }

            if (text.WrittenCount > MaxHeaderBytes) return null;
            searched = Math.Max(0, text.WrittenCount - 4);
        }
    }

    /// <summary>Passes the body, line ends as CRLF, to <paramref name="consume"/> in pieces. Once only.</summary>
    public async Task ReadBodyAsync(Action<ReadOnlySpan<byte>> consume, CancellationToken cancellationToken)
    {
        consume(_bodyStart.Span);
        byte[] buffer = new byte[BufferBytes];
        byte[] converted = new byte[2 * BufferBytes];
        int read;
        while ((read = await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            consume(converted.AsSpan(0, _lineEnds.Convert(buffer.AsSpan(0, read), converted)));
    }

    // Where the header ends: behind the line end of its last field, before the empty line.
    private static int FindEnd(ReadOnlySpan<byte> text, int from)
    {
        if (text.StartsWith("\r\n"u8)) return 0;
        int at = text[from..].IndexOf("\r\n\r\n"u8);
        return at < 0 ? -1 : from + at + 2;
    }

    private static ReadOnlyMemory<byte> SkipLineEnd(ReadOnlyMemory<byte> rest) => rest.Span.StartsWith("\r\n"u8) ? rest[2..] : rest;

    private static List<RawHeader> Split(ReadOnlyMemory<byte> text)
    {
        var headers = new List<RawHeader>();
        while (!text.IsEmpty)
        {
            int end = FieldEnd(text.Span, out int next);
            if (RawHeader.TryRead(text[..end]) is { } header) headers.Add(header);
            text = text[next..];
        }

        return headers;
    }

    // A line end that no space or tab follows.
    private static int FieldEnd(ReadOnlySpan<byte> text, out int next)
    {
        int from = 0;
        while (true)
        {
            int at = text[from..].IndexOf("\r\n"u8);
            if (at < 0) return next = text.Length;
            at += from;
            next = at + 2;
            if (next == text.Length || text[next] is not ((byte)' ' or (byte)'\t')) return at;
            from = next;
        }
    }
}
