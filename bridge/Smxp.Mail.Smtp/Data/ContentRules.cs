namespace Smxp.Mail.Smtp.Data;

/// <summary>What every mail must keep, whatever command brings it: its size, the size of its header, the length of its lines. Counts what it is told; one for each mail.</summary>
internal sealed class ContentRules(SmtpServerOptions options, bool binary = false)
{
    private bool _inHeader = true;
    private bool _afterCr;
    private int _line;
    private long _headerBytes;

    /// <summary>Bytes of the mail so far.</summary>
    public long Size { get; private set; }

    /// <summary>What is wrong with it; what it says after that is not to be used.</summary>
    public DataViolation Violation { get; private set; }

    /// <summary>Takes octets as they are, in pieces of any size (RFC 3030): looks for line ends itself.</summary>
    public void Take(ReadOnlySpan<byte> octets)
    {
        Grow(octets.Length);
        // RFC 3030 §3: a binary mail has no lines to look for, but in its header.
        while (!octets.IsEmpty && (_inHeader || !binary))
        {
            if (_afterCr)
            {
                _afterCr = false;
                if (octets[0] == '\n')
                {
                    EndLine();
                    octets = octets[1..];
                    continue;
                }

                Violate(DataViolation.BareNewline);
            }

            int length = octets.IndexOfAny((byte)'\r', (byte)'\n');
            Count(length < 0 ? octets.Length : length);
            if (length < 0) return;
            if (octets[length] == '\n') Violate(DataViolation.BareNewline);
            else _afterCr = true;
            octets = octets[(length + 1)..];
        }
    }

    /// <summary>The mail is whole.</summary>
    public void End()
    {
        if (_afterCr) Violate(DataViolation.BareNewline);
    }

    /// <summary>So many bytes of the mail went by.</summary>
    public void Grow(int bytes)
    {
        Size += bytes;
        if (Size > options.MaxMessageBytes) Violate(DataViolation.TooLarge);
    }

    /// <summary>So many bytes of a line went by.</summary>
    public void Count(int bytes)
    {
        if (_inHeader && (_headerBytes += bytes) > options.MaxHeaderBytes) Violate(DataViolation.HeaderTooLarge);
        _line += bytes;
        if (_line <= options.MaxTextLine - 2) return;
        Violate(DataViolation.LineTooLong);
        _line = options.MaxTextLine; // no overflow, however long it gets
    }

    /// <summary>A line ended.</summary>
    public void EndLine()
    {
        if (_line == 0) _inHeader = false;
        _headerBytes += 2;
        _line = 0;
    }

    public void Violate(DataViolation violation)
    {
        if (Violation == DataViolation.None) Violation = violation;
    }
}
