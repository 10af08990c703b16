using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Smxp.Bridge.Email.Threads;

/// <summary>The conversation of a thread nobody here has seen before: a name-based UUID (RFC 9562 §5.5) of its root, the same whichever of its mails comes first.</summary>
internal static class ConversationIds
{
    /// <summary>Never to be changed: threads that are half here would fall apart.</summary>
    private static readonly Guid Namespace = new("8d0f6c5e-3f0a-5d4b-9a55-5c2a6f0e7b31");

    private const int MaxStack = 1200;

    /// <summary>The conversation that begins with this Message-ID.</summary>
    public static string OfRoot(string messageId)
    {
        int length = 16 + Encoding.UTF8.GetByteCount(messageId);
        byte[]? rented = length > MaxStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        var name = rented is null ? stackalloc byte[MaxStack] : rented;
        Namespace.TryWriteBytes(name, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(messageId, name[16..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 9562 §5.5 names SHA-1; nothing here depends on its strength.
        SHA1.HashData(name[..length], hash);
#pragma warning restore CA5350
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString();
    }
}
