using System.Security.Cryptography;

namespace Smxp.Host.Blobs;

/// <summary>Reads exactly so many bytes of a stream and hashes them on the way, so that a reader can ask at the end whether they were the right ones.</summary>
internal sealed class HashedStream(System.IO.Stream inner, long size) : ForwardStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _left = size;

    /// <summary>Whether all bytes were read, none follows, and their SHA-256 is this (64 hex digits).</summary>
    public async ValueTask<bool> EndsWithAsync(string sha256, CancellationToken cancellationToken) =>
        _left == 0
        && await inner.ReadAsync(new byte[1], cancellationToken) == 0
        && sha256.Equals(Convert.ToHexStringLower(_hash.GetCurrentHash()), StringComparison.OrdinalIgnoreCase);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0 || buffer.Length == 0) return 0;
        int read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }
}
