using System.Security.Cryptography;
using CsCheck;

namespace Smxp.Protocol.Tests;

public sealed class BlobCipherTests
{
    private static readonly Gen<(byte[] Plain, int ChunkSize)> Blobs = Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 70]);

    [Fact]
    public Task Comes_back_the_same_and_as_large_as_promised() => Blobs.SampleAsync(async blob =>
    {
        var (stored, made) = await EncryptAsync(blob.Plain, blob.ChunkSize);
        Assert.Equal(BlobCipher.EncryptedSize(blob.Plain.Length, blob.ChunkSize), stored.Length);
        Assert.Equal(stored.Length, made.Size);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(stored)), made.Sha256);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(blob.Plain)), made.Encryption.PlaintextSha256);
        Assert.Equal(blob.Plain, await DecryptAsync(stored, made.Encryption));
    });

    [Fact]
    public Task Any_changed_bit_is_refused() => Gen.Select(Blobs, Gen.Int[0, int.MaxValue], Gen.Int[0, 7]).SampleAsync(async (blob, at, bit) =>
    {
        var (stored, made) = await EncryptAsync(blob.Plain, blob.ChunkSize);
        stored[at % stored.Length] ^= (byte)(1 << bit);
        await Assert.ThrowsAnyAsync<CryptographicException>(() => DecryptAsync(stored, made.Encryption));
    });

    [Fact]
    public Task Any_cut_addition_or_exchange_of_pieces_is_refused() => Gen.Select(Gen.Byte.Array[3, 300], Gen.Int[1, 70], Gen.Int[0, int.MaxValue]).SampleAsync(async (plain, chunk, at) =>
    {
        chunk = Math.Min(chunk, plain.Length / 2);
        var (stored, made) = await EncryptAsync(plain, chunk);
        int piece = chunk + BlobCipher.TagSize;
        await Assert.ThrowsAnyAsync<CryptographicException>(() => DecryptAsync(stored[..(at % stored.Length)], made.Encryption));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => DecryptAsync(stored[..(stored.Length / piece * piece / 2 / piece * piece)], made.Encryption));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => DecryptAsync([.. stored, 0], made.Encryption));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => DecryptAsync([.. stored[piece..(2 * piece)], .. stored[..piece], .. stored[(2 * piece)..]], made.Encryption));
    });

    // Truncated at a piece's end, with the size told as if it were right: only the plaintext's hash knows.
    [Fact]
    public async Task The_hash_catches_a_size_that_lies()
    {
        var (stored, made) = await EncryptAsync(new byte[20], 10);
        var lying = made.Encryption with { PlaintextSize = 10 };
        await Assert.ThrowsAnyAsync<CryptographicException>(() => DecryptAsync(stored[..26], lying));
        Assert.Equal(new byte[10], await DecryptAsync(stored[..26], lying with { PlaintextSha256 = null }));
    }

    [Fact]
    public async Task An_empty_file_is_one_empty_piece()
    {
        var (stored, made) = await EncryptAsync([], 65536);
        Assert.Equal(BlobCipher.TagSize, stored.Length);
        Assert.Empty(await DecryptAsync(stored, made.Encryption));
    }

    [Fact]
    public async Task Refuses_keys_and_sizes_that_cannot_be()
    {
        var (stored, made) = await EncryptAsync([1], 16);
        var good = made.Encryption;
        foreach (var bad in new[]
        {
            good with { Key = "short" }, good with { Key = new string('!', 43) }, good with { Key = "" }, good with { NoncePrefix = "" }, good with { NoncePrefix = good.Key },
            good with { Algorithm = "none" }, good with { ChunkSize = 0 }, good with { ChunkSize = int.MaxValue }, good with { PlaintextSize = -1 },
            good with { PlaintextSize = long.MaxValue }, good with { PlaintextSha256 = new string('0', 64) },
        })
        {
            await Assert.ThrowsAnyAsync<CryptographicException>(() => DecryptAsync(stored, bad));
        }
    }

    [Fact]
    public async Task Every_piece_has_its_own_nonce_as_specified()
    {
        byte[] plain = RandomNumberGenerator.GetBytes(25);
        var (stored, made) = await EncryptAsync(plain, 10);
        using var cipher = new AesGcm(System.Buffers.Text.Base64Url.DecodeFromChars(made.Encryption.Key), BlobCipher.TagSize);
        byte[] piece = new byte[5];
        byte[] nonce = [.. System.Buffers.Text.Base64Url.DecodeFromChars(made.Encryption.NoncePrefix), 0, 0, 0, 2];
        cipher.Decrypt(nonce, stored.AsSpan(52, 5), stored.AsSpan(57, 16), piece);
        Assert.Equal(plain[20..], piece);
    }

    private static async Task<(byte[] Stored, EncryptedBlob Made)> EncryptAsync(byte[] plain, int chunkSize)
    {
        using var source = new MemoryStream(plain);
        using var destination = new MemoryStream();
        var made = await BlobCipher.EncryptAsync(source, destination, chunkSize, CancellationToken.None);
        return (destination.ToArray(), made);
    }

    private static async Task<byte[]> DecryptAsync(byte[] stored, BlobEncryption encryption)
    {
        using var source = new MemoryStream(stored);
        using var destination = new MemoryStream();
        await BlobCipher.DecryptAsync(source, destination, encryption, CancellationToken.None);
        return destination.ToArray();
    }
}
