namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>Doubles the dot at the beginning of a line and ends the mail (RFC 5321 §4.5.2), piece by piece.</summary>
internal sealed class DotStuffing
{
    // What the last octets before were: a line has begun, or a CR has come.
    private bool _lineStart = true;
    private bool _afterReturn;

    /// <summary>How much room a piece can need.</summary>
    public static int RoomFor(int length) => length * 2;

    /// <summary>Writes a piece and answers how many octets it became.</summary>
    public int Write(ReadOnlySpan<byte> piece, Span<byte> output)
    {
        int written = 0;
        while (!piece.IsEmpty)
        {
            if (_lineStart && piece[0] == (byte)'.') output[written++] = (byte)'.';
            int end = piece.IndexOf((byte)'\n');
            var line = end < 0 ? piece : piece[..(end + 1)];
            line.CopyTo(output[written..]);
            written += line.Length;
            _lineStart = end >= 0 && (line.Length > 1 ? line[^2] == (byte)'\r' : _afterReturn);
            _afterReturn = line[^1] == (byte)'\r';
            piece = piece[line.Length..];
        }

        return written;
    }

    /// <summary>What ends the mail, whether its last line has an end or not.</summary>
    public ReadOnlySpan<byte> End => _lineStart ? ".\r\n"u8 : "\r\n.\r\n"u8;
}
