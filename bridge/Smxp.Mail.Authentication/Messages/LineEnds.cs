namespace Smxp.Mail.Authentication.Messages;

/// <summary>Turns lone LF into CRLF, over buffers of any cut; mail that came over SMTP passes unchanged. A lone CR stays what it is.</summary>
internal sealed class LineEnds
{
    private bool _afterCr;

    /// <summary>Writes to <paramref name="output"/>, which must hold twice the input; returns what was written.</summary>
    public int Convert(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int written = 0;
        foreach (byte b in input)
        {
            if (b == '\n' && !_afterCr) output[written++] = (byte)'\r';
            output[written++] = b;
            _afterCr = b == '\r';
        }

        return written;
    }
}
