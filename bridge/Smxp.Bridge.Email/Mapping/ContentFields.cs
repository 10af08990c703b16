using System.Text;
using Smxp.Bridge.Email.Inbound;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>
/// Finds Content-Type and Content-Disposition fields that no mail program writes: their parameters cost readers the square of their number, and there is one for each part. Looks at lines,
/// wherever they stand, since to know where a part's header is takes a reader.
/// </summary>
internal sealed class ContentFields
{
    /// <summary>The longest taken, folds included: a file name of 255 letters beyond ASCII, twice, has half of it.</summary>
    public const int MaxLength = 8 * 1024;

    private const int PieceSize = 64 * 1024;
    private static readonly byte[][] Names = ["content-type"u8.ToArray(), "content-disposition"u8.ToArray()];

    // The beginning of the line, however pieces are cut.
    private readonly byte[] _start = new byte[24];
    private int _line;
    private int _field;
    private bool _inField;

    public static bool HasTooLong(MessageSpool mail)
    {
        var fields = new ContentFields();
        if (mail.TryGetMemory(out var bytes)) return !fields.Take(bytes.Span) || !fields.EndLine();
        using var stream = mail.OpenRead();
        byte[] piece = new byte[PieceSize];
        int read;
        while ((read = stream.Read(piece)) > 0)
        {
            if (!fields.Take(piece.AsSpan(0, read))) return true;
        }

        return !fields.EndLine();
    }

    private bool Take(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            int end = piece.IndexOf((byte)'\n');
            var line = end < 0 ? piece : piece[..(end + 1)];
            if (_line < _start.Length) line[..Math.Min(line.Length, _start.Length - _line)].CopyTo(_start.AsSpan(_line));
            _line += line.Length;
            if (end >= 0 && !EndLine()) return false;
            piece = piece[line.Length..];
        }

        return true;
    }

    // RFC 5322 §2.2.3: what begins with white space goes on with the field.
    private bool EndLine()
    {
        var start = _start.AsSpan(0, Math.Min(_line, _start.Length));
        bool isFold = start is [(byte)' ' or (byte)'\t', ..];
        if (!isFold) (_inField, _field) = (IsNamed(start), 0);
        _field += _line;
        _line = 0;
        return !_inField || _field <= MaxLength;
    }

    private static bool IsNamed(ReadOnlySpan<byte> line)
    {
        foreach (byte[] name in Names)
        {
            if (line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) && line[name.Length] is (byte)':' or (byte)' ' or (byte)'\t') return true;
        }

        return false;
    }
}
