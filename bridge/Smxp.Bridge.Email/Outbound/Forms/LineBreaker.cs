using System.Buffers;
using Smxp.Bridge.Email.Inbound;

namespace Smxp.Bridge.Email.Outbound.Forms;

/// <summary>
/// Breaks lines that are too long where nothing better can be done about them: in what is no MIME, in a header that nobody can read. The rest of a line goes on behind a blank, as Postfix has
/// it, so that within a header it stays the same field, and within base64 the same data.
/// </summary>
internal static class LineBreaker
{
    private const int PieceSize = 64 * 1024;

    // In UTF-8.
    private const int LongestCharacter = 4;

    public static async Task CopyAsync(Stream mail, MessageSpool target, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceSize), output = ArrayPool<byte>.Shared.Rent(LongestCharacter + PieceSize + (PieceSize / 200));
        try
        {
            // How long the line is so far, without its end.
            int line = 0, length = 0, read;
            while ((read = await mail.ReadAsync(buffer.AsMemory(0, PieceSize), cancellationToken)) > 0)
            {
                length = Write(buffer.AsSpan(0, read), output, length, ref line);
                // The end may be of a character that goes on.
                int ready = Math.Max(0, length - LongestCharacter);
                await target.WriteAsync(output.AsMemory(0, ready), cancellationToken);
                output.AsSpan(ready, length - ready).CopyTo(output);
                length -= ready;
            }

            await target.WriteAsync(output.AsMemory(0, length), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<byte>.Shared.Return(output);
        }
    }

    private static int Write(ReadOnlySpan<byte> piece, Span<byte> output, int length, ref int line)
    {
        foreach (byte octet in piece)
        {
            if (octet is not ((byte)'\r' or (byte)'\n') && line == Octets.LongestLine)
            {
                int begun = IsFollower(octet) ? Begun(output[..length]) : 0;
                output[(length - begun)..length].CopyTo(output[(length - begun + 3)..]);
                "\r\n "u8.CopyTo(output[(length - begun)..]);
                (length, line) = (length + 3, begun + 1);
            }

            output[length++] = octet;
            if (octet == (byte)'\n') line = 0;
            else if (octet != (byte)'\r') line++;
        }

        return length;
    }

    // How many octets at the end are those of a character of UTF-8 that goes on: one that leads, and those that follow.
    private static int Begun(ReadOnlySpan<byte> written)
    {
        int count = 0;
        while (count < LongestCharacter - 1 && count < written.Length && IsFollower(written[^(count + 1)])) count++;
        return Math.Min(count + 1, written.Length);
    }

    private static bool IsFollower(byte octet) => (octet & 0xC0) == 0x80;
}
