using System.Buffers;
using System.Text;
using MimeKit;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>The characters of a text part, where there are not too many of them.</summary>
internal static class PartText
{
    /// <summary>A longer text becomes an attachment: nobody reads it as a message.</summary>
    public const int MaxLength = 1 << 20;

    // No charset in use takes more bytes for a character.
    private const int MaxBytes = 4 * MaxLength;
    private const int PieceSize = 16 * 1024;

    /// <summary>Reads a part, its line ends as LF and without NUL; null where it is too long. Only one that may be short enough is held in memory.</summary>
    public static string? TryRead(TextPart part)
    {
        if (IsLong(part)) return null;
        string text = Decode(part).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace("\0", "", StringComparison.Ordinal);
        return text.Length > MaxLength ? null : text;
    }

    private static string Decode(TextPart part)
    {
        try
        {
            return part.IsFlowed ? FlowedText.Join(part.Text, DelSp(part)) : part.Text;
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentException or FormatException)
        {
            // A charset nobody knows: the bytes one by one are better than nothing.
            return part.GetText(Encoding.Latin1);
        }
    }

    private static bool IsLong(TextPart part)
    {
        if (part.Content is not { Stream: { } stream } content || stream.Length <= MaxBytes) return false;
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            using var decoded = content.Open();
            long length = 0;
            while (length <= MaxBytes && decoded.Read(piece) is > 0 and var read) length += read;
            return length > MaxBytes;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static bool DelSp(TextPart part) => string.Equals(part.ContentType.Parameters["delsp"], "yes", StringComparison.OrdinalIgnoreCase);
}
