using System.Buffers;
using System.Text;

namespace Smxp.Bridge.Email.Outbound.Forms;

/// <summary>What a mail's octets ask of a server that it goes to.</summary>
/// <param name="AreSevenBit">Whether none is beyond ASCII, or NUL (RFC 2045 §2.7); otherwise the server must offer 8BITMIME.</param>
/// <param name="FitLines">Whether no line is longer than any server must take.</param>
internal readonly record struct Octets(bool AreSevenBit, bool FitLines)
{
    /// <summary>The longest line, without its end (RFC 5321 §4.5.3.1.6, RFC 5322 §2.1.1).</summary>
    public const int LongestLine = 998;

    private const int PieceSize = 64 * 1024;

    /// <summary>Whether every server takes them as they are.</summary>
    public bool FitEverywhere => AreSevenBit && FitLines;

    /// <summary>Looks at every octet from where the stream stands.</summary>
    public static async Task<Octets> ReadAsync(Stream mail, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            var scan = new Scan();
            int read;
            while ((read = await mail.ReadAsync(buffer, cancellationToken)) > 0) scan.Take(buffer.AsSpan(0, read));
            return scan.End();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Scan
    {
        private bool _sevenBit = true;
        private bool _fit = true;
        private bool _afterReturn;
        private long _line;

        public void Take(ReadOnlySpan<byte> piece)
        {
            _sevenBit = _sevenBit && Ascii.IsValid(piece) && !piece.Contains((byte)0);
            int end;
            while ((end = piece.IndexOf((byte)'\n')) >= 0)
            {
                bool afterReturn = end > 0 ? piece[end - 1] == (byte)'\r' : _afterReturn;
                Judge(_line + end - (afterReturn ? 1 : 0));
                (_line, _afterReturn) = (0, false);
                piece = piece[(end + 1)..];
            }

            _line += piece.Length;
            if (piece.Length > 0) _afterReturn = piece[^1] == (byte)'\r';
        }

        public Octets End()
        {
            Judge(_line);
            return new Octets(_sevenBit, _fit);
        }

        private void Judge(long line) => _fit &= line <= LongestLine;
    }
}
