using System.Text;

namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>Reads replies from a stream. Strangers write them: lines and replies have limits, and what is no reply ends the session.</summary>
internal sealed class ReplyReader(Stream stream)
{
    // RFC 5321 §4.5.3.1.5 allows 512 octets a line; generous, yet bounded.
    private const int LongestLine = 4096;
    private const int MostLines = 128;
    private const int LongestText = 8192;

    private readonly byte[] _buffer = new byte[LongestLine];
    private int _start;
    private int _end;

    /// <summary>Whether bytes have arrived that nobody asked for yet.</summary>
    public bool HasMore => _end > _start;

    /// <summary>Reads the next reply.</summary>
    /// <param name="lines">Takes the text of each line, where each matters (EHLO).</param>
    /// <param name="cancellationToken">Breaks off.</param>
    /// <exception cref="SmtpFault">What came is no reply, or the connection ended.</exception>
    public async ValueTask<ServerReply> ReadAsync(List<string>? lines, CancellationToken cancellationToken)
    {
        int code = 0;
        string text = "";
        for (int count = 1; count <= MostLines; count++)
        {
            string line = await ReadLineAsync(cancellationToken);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), System.Globalization.NumberStyles.None, null, out int number) || number is < 200 or > 599) throw Nonsense(line);
            if (count > 1 && number != code) throw Nonsense(line);
            if (line.Length > 3 && line[3] is not (' ' or '-')) throw Nonsense(line);
            code = number;
            string rest = line.Length > 4 ? line[4..].Trim() : "";
            lines?.Add(rest);
            if (text.Length + rest.Length < LongestText) text = text.Length == 0 ? rest : $"{text} {rest}";
            if (line.Length == 3 || line[3] == ' ') return new ServerReply(code, text);
        }

        throw new SmtpFault(SmtpFaultKind.Lost, "its reply has too many lines");
    }

    private async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        int searched = 0;
        while (true)
        {
            int found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = _buffer.AsSpan(_start, searched + found);
                _start += searched + found + 1;
                return Printable(Encoding.UTF8.GetString(line.TrimEnd((byte)'\r')));
            }

            searched = _end - _start;
            if (_start > 0) Buffer.BlockCopy(_buffer, _start, _buffer, 0, searched);
            (_start, _end) = (0, searched);
            if (_end == _buffer.Length) throw new SmtpFault(SmtpFaultKind.Lost, "its reply has a line without end");
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0) throw new SmtpFault(SmtpFaultKind.Lost, "it closed the connection");
            _end += read;
        }
    }

    // A reply's words go to the sender and into logs.
    private static string Printable(string line) => line.Any(char.IsControl) ? string.Concat(line.Select(static c => char.IsControl(c) ? ' ' : c)) : line;

    private static SmtpFault Nonsense(string line) => new(SmtpFaultKind.Lost, $"it said what is no SMTP reply: {line[..Math.Min(line.Length, 80)]}");
}
