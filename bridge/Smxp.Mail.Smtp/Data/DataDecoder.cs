namespace Smxp.Mail.Smtp.Data;

/// <summary>
/// Finds the end of a mail and takes off the stuffed dots (RFC 5321 §4.5.2). Fed in pieces of any size; where the cuts fall makes no difference.
/// Only CRLF.CRLF ends a mail, and a CR or LF alone spoils it: servers that disagree on what ends a line can be made to disagree on where a mail ends (CVE-2023-51764).
/// </summary>
internal sealed class DataDecoder(ContentRules rules) : IContentDecoder
{
    private State _state = State.LineStart;

    private enum State
    {
        LineStart,
        Dot,
        DotCr,
        Text,
        Cr,
    }

    /// <summary>Whether the end was found.</summary>
    public bool Ended { get; private set; }

    /// <summary>Takes from the front of the input up to the next dot to drop, the end of the mail, or the end of the input.</summary>
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
                    rules.Violate(DataViolation.BareNewline);
                    _state = State.Text;
                    break;
                case State.Cr when input[i] == '\n':
                    rules.EndLine();
                    _state = State.LineStart;
                    i++;
                    break;
                case State.Cr:
                    rules.Violate(DataViolation.BareNewline);
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
            rules.Count(input.Length);
            return input.Length;
        }

        rules.Count(length);
        if (input[length] == '\n') rules.Violate(DataViolation.BareNewline);
        else _state = State.Cr;
        return length + 1;
    }

    private int Give(int start, int end, int taken, out Range content)
    {
        content = start..end;
        rules.Grow(end - start);
        return taken;
    }
}
