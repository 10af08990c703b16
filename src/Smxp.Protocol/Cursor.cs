using System.Buffers.Binary;
using System.Buffers.Text;

namespace Smxp.Protocol;

/// <summary>An opaque place in a mailbox: a sequence number, dressed so that nobody counts on it.</summary>
public static class Cursor
{
    /// <summary>The cursor for a sequence.</summary>
    public static string Encode(long sequence)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, sequence);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The sequence of a cursor; false for anything <see cref="Encode"/> did not make.</summary>
    public static bool TryDecode(string? cursor, out long sequence)
    {
        sequence = 0;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        if (cursor is not { Length: 11 } || !Base64Url.IsValid(cursor)) return false;
        if (!Base64Url.TryDecodeFromChars(cursor, bytes, out int written) || written != sizeof(long)) return false;
        sequence = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return sequence >= 0;
    }
}
