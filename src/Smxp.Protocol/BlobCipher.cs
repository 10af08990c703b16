using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Smxp.Protocol;

/// <summary>The chunked AES-256-GCM of attachments (SMXP §4): piece <em>i</em> under nonce <c>prefix ‖ uint32 big-endian i</c>, a 16-byte tag after each.</summary>
public static class BlobCipher
{
    /// <summary>Bytes of plaintext in a piece, unless told otherwise.</summary>
    public const int DefaultChunkSize = 65536;

    /// <summary>Bytes a tag adds to each piece.</summary>
    public const int TagSize = 16;

    /// <summary>The most bytes of plaintext in a piece: a piece is held in memory.</summary>
    public const int MaxChunkSize = 16 * 1024 * 1024;

    private const int KeySize = 32;
    private const int PrefixSize = 8;

    /// <summary>How many bytes a plaintext of this size becomes.</summary>
    public static long EncryptedSize(long plaintextSize, int chunkSize = DefaultChunkSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plaintextSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        return checked(plaintextSize + (Pieces(plaintextSize, chunkSize) * TagSize));
    }

    /// <summary>Encrypts to the end of <paramref name="plaintext"/> under a fresh key, in memory bounded by the chunk size.</summary>
    /// <returns>The keys, sizes and hashes an <see cref="Attachment"/> needs.</returns>
    public static async Task<EncryptedBlob> EncryptAsync(Stream plaintext, Stream destination, int chunkSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunkSize, MaxChunkSize);
        byte[] key = RandomNumberGenerator.GetBytes(KeySize);
        byte[] nonce = Nonce(RandomNumberGenerator.GetBytes(PrefixSize));
        byte[] piece = ArrayPool<byte>.Shared.Rent(chunkSize), sealedPiece = ArrayPool<byte>.Shared.Rent(chunkSize + TagSize);
        using var cipher = new AesGcm(key, TagSize);
        using var plainHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var storedHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long plaintextSize = 0, storedSize = 0;
        try
        {
            for (uint index = 0; ; index = checked(index + 1))
            {
                int read = await plaintext.ReadAtLeastAsync(piece.AsMemory(0, chunkSize), chunkSize, false, cancellationToken).ConfigureAwait(false);
                if (read == 0 && index > 0) break;
                plainHash.AppendData(piece, 0, read);
                Seal(cipher, nonce, index, piece.AsSpan(0, read), sealedPiece);
                storedHash.AppendData(sealedPiece, 0, read + TagSize);
                await destination.WriteAsync(sealedPiece.AsMemory(0, read + TagSize), cancellationToken).ConfigureAwait(false);
                plaintextSize += read;
                storedSize += read + TagSize;
                if (read < chunkSize) break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
            ArrayPool<byte>.Shared.Return(sealedPiece);
        }

        var encryption = new BlobEncryption
        {
            Key = Base64Url.EncodeToString(key),
            NoncePrefix = Base64Url.EncodeToString(nonce.AsSpan(0, PrefixSize)),
            ChunkSize = chunkSize,
            PlaintextSize = plaintextSize,
            PlaintextSha256 = Hex(plainHash),
        };
        return new EncryptedBlob(encryption, Hex(storedHash), storedSize);
    }

    /// <summary>Decrypts and checks every tag, the size, and (where given) the plaintext's hash.</summary>
    /// <exception cref="CryptographicException">The bytes are not what was encrypted. What was already written must not be trusted.</exception>
    public static async Task DecryptAsync(Stream encrypted, Stream destination, BlobEncryption encryption, CancellationToken cancellationToken)
    {
        byte[] key = Bytes(encryption.Key, KeySize, "key"), nonce = Nonce(Bytes(encryption.NoncePrefix, PrefixSize, "nonce_prefix"));
        if (encryption.Algorithm != BlobEncryption.Aes256Gcm) throw new CryptographicException("The algorithm is not AES-256-GCM.");
        if (encryption.ChunkSize is < 1 or > MaxChunkSize) throw new CryptographicException($"The chunk size is not between 1 and {MaxChunkSize}.");
        if (encryption.PlaintextSize < 0 || Pieces(encryption.PlaintextSize, encryption.ChunkSize) > uint.MaxValue)
            throw new CryptographicException("The plaintext size is out of range.");

        int largest = (int)Math.Min(encryption.ChunkSize, encryption.PlaintextSize);
        byte[] piece = ArrayPool<byte>.Shared.Rent(largest), sealedPiece = ArrayPool<byte>.Shared.Rent(largest + TagSize);
        using var cipher = new AesGcm(key, TagSize);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            long left = encryption.PlaintextSize;
            uint index = 0;
            do
            {
                int size = (int)Math.Min(left, encryption.ChunkSize);
                var stored = sealedPiece.AsMemory(0, size + TagSize);
                int read = await encrypted.ReadAtLeastAsync(stored, stored.Length, false, cancellationToken).ConfigureAwait(false);
                if (read < stored.Length) throw new CryptographicException("The encrypted bytes end too early.");
                Open(cipher, nonce, index++, stored.Span, piece.AsSpan(0, size));
                hash.AppendData(piece, 0, size);
                await destination.WriteAsync(piece.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
                left -= size;
            }
            while (left > 0);

            if (await encrypted.ReadAsync(sealedPiece.AsMemory(0, 1), cancellationToken).ConfigureAwait(false) > 0)
                throw new CryptographicException("There are more encrypted bytes than the plaintext size says.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
            ArrayPool<byte>.Shared.Return(sealedPiece);
        }

        if (encryption.PlaintextSha256 is { } expected && !Hex(hash).Equals(expected, StringComparison.OrdinalIgnoreCase))
            throw new CryptographicException("The plaintext's hash is not the one promised.");
    }

    /// <summary>An empty file is one empty piece.</summary>
    private static long Pieces(long plaintextSize, int chunkSize) => Math.Max(1, (plaintextSize / chunkSize) + (plaintextSize % chunkSize == 0 ? 0 : 1));

    private static void Seal(AesGcm cipher, byte[] nonce, uint index, ReadOnlySpan<byte> piece, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(PrefixSize), index);
        cipher.Encrypt(nonce, piece, destination[..piece.Length], destination.Slice(piece.Length, TagSize));
    }

    private static void Open(AesGcm cipher, byte[] nonce, uint index, ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(PrefixSize), index);
        cipher.Decrypt(nonce, stored[..^TagSize], stored[^TagSize..], destination);
    }

    private static byte[] Nonce(byte[] prefix) => [.. prefix, 0, 0, 0, 0];

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());

    private static byte[] Bytes(string text, int size, string name)
    {
        byte[] bytes = new byte[size];
        bool isRight = text.Length <= 2 * size && Base64Url.IsValid(text, out int length) && length == size
            && Base64Url.TryDecodeFromChars(text, bytes, out int written) && written == size;
        return isRight ? bytes : throw new CryptographicException($"The {name} is not {size} bytes of base64url.");
    }
}

/// <summary>What an encryption made.</summary>
/// <param name="Encryption">The keys, with plaintext size and hash.</param>
/// <param name="Sha256">SHA-256 of the encrypted bytes, 64 lower-case hex digits.</param>
/// <param name="Size">How many encrypted bytes there are.</param>
public sealed record EncryptedBlob(BlobEncryption Encryption, string Sha256, long Size);
