namespace Smxp.Protocol;

/// <summary>The chunked AES-256-GCM of attachments (SMXP §4): piece <em>i</em> under nonce <c>prefix ‖ uint32 big-endian i</c>, a 16-byte tag after each.</summary>
public static class BlobCipher
{
    /// <summary>Bytes of plaintext in a piece, unless told otherwise.</summary>
    public const int DefaultChunkSize = 65536;

    /// <summary>Bytes a tag adds to each piece.</summary>
    public const int TagSize = 16;

    /// <summary>How many bytes a plaintext of this size becomes.</summary>
    public static long EncryptedSize(long plaintextSize, int chunkSize = DefaultChunkSize) => throw new NotImplementedException();

    /// <summary>Encrypts to the end of <paramref name="plaintext"/> under a fresh key, in memory bounded by the chunk size.</summary>
    /// <returns>The keys, sizes and hashes an <see cref="Attachment"/> needs.</returns>
    public static Task<EncryptedBlob> EncryptAsync(Stream plaintext, Stream destination, int chunkSize, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Decrypts and checks every tag, the size, and (where given) the plaintext's hash.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The bytes are not what was encrypted. What was already written must not be trusted.</exception>
    public static Task DecryptAsync(Stream encrypted, Stream destination, BlobEncryption encryption, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}

/// <summary>What an encryption made.</summary>
/// <param name="Encryption">The keys, with plaintext size and hash.</param>
/// <param name="Sha256">SHA-256 of the encrypted bytes, 64 lower-case hex digits.</param>
/// <param name="Size">How many encrypted bytes there are.</param>
public sealed record EncryptedBlob(BlobEncryption Encryption, string Sha256, long Size);
