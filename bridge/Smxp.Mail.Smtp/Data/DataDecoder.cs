namespace Smxp.Mail.Smtp.Data;

/// <summary>
/// Finds the end of a mail and takes off the stuffed dots (RFC 5321 §4.5.2). Fed in pieces of any size; where the cuts fall makes no difference.
/// Only CRLF.CRLF ends a mail, and a CR or LF alone spoils it: servers that disagree on what ends a line can be made to disagree on where a mail ends (CVE-2023-51764).
/// </summary>
internal sealed class DataDecoder(SmtpServerOptions options)
{
    private State _state = State.LineStart;
    private bool _inHeader = true;
    private int _line;
    private long _headerBytes;

    private enum State
    {
        LineStart,
        Dot,
        DotCr,
        Text,
        Cr,
    }

    /// <summary>Bytes of the mail so far.</summary>
    public long Size { get; private set; }

    /// <summary>Whether the end was found.</summary>
    public bool Ended { get; private set; }

    /// <summary>What is wrong with it; what it says after that is not to be used.</summary>
    public DataViolation Violation { get; private set; }

    /// <summary>Takes from the front of the input up to the next dot to drop, the end of the mail, or the end of the input.</summary>
    /// <param name="input">What arrived; not empty.</param>
    /// <param name="content">Which of it belongs to the mail.</param>
    /// <returns>How many bytes were taken, at least one.</returns>
    public int Take(ReadOnlySpan<byte> input, out Range content)
    {
        int start = 0, i = 0;
        while (i < input.Length)
        {
            switch (_state)
            {
                case State.LineStart when input[i] == '.':
                    if (i > start) return Give(start, i, i, out content);
                    _state = State.Dot;
                    start = ++i;
                    break;
                case State.LineStart:
                    _state = State.Text;
                    break;
                case State.Dot when input[i] == '\r':
                    _state = State.DotCr;
                    start = ++i;
                    break;
                case State.Dot:
                    _state = State.Text;
                    break;
                case State.DotCr when input[i] == '\n':
                    Ended = true;
                    return Give(start, start, i + 1, out content);
                case State.DotCr:
                    Violate(DataViolation.BareNewline);
                    _state = State.Text;
                    break;
                case State.Cr when input[i] == '\n':
                    EndLine();
                    i++;
                    break;
                case State.Cr:
                    Violate(DataViolation.BareNewline);
                    _state = State.Text;
                    break;
                case State.Text:
                    i += TakeText(input[i..]);
                    break;
            }
        }

        return Give(start, i, i, out content);
    }

    private int TakeText(ReadOnlySpan<byte> input)
    {
        int length = input.IndexOfAny((byte)'\r', (byte)'\n');
        if (length < 0)
        {
            Count(input.Length);
            return input.Length;
        }

        Count(length);
        if (input[length] == '\n') Violate(DataViolation.BareNewline);
        else _state = State.Cr;
        return length + 1;
    }

    private void EndLine()
    {
        if (_line == 0) _inHeader = false;
        _headerBytes += 2;
        _line = 0;
        _state = State.LineStart;
    }

    private void Count(int bytes)
    {
        if (_inHeader && (_headerBytes += bytes) > options.MaxHeaderBytes) Violate(DataViolation.HeaderTooLarge);
        _line += bytes;
        if (_line <= options.MaxTextLine - 2) return;
        Violate(DataViolation.LineTooLong);
        _line = options.MaxTextLine; // no overflow, however long it gets
    }

    private int Give(int start, int end, int taken, out Range content)
    {
        content = start..end;
        Size += end - start;
        if (Size > options.MaxMessageBytes) Violate(DataViolation.TooLarge);
        return taken;
    }

    private void Violate(DataViolation violation)
    {
        if (Violation == DataViolation.None) Violation = violation;
    }
}
