namespace Smxp.Host.Blobs;

/// <summary>The first so many bytes of a stream, read once.</summary>
internal sealed class BoundedStream(System.IO.Stream inner, long limit) : ForwardStream
{
    private long _left = limit;

    /// <summary>Whether the inner stream holds nothing beyond the bound.</summary>
    public async ValueTask<bool> IsAtEndAsync(CancellationToken cancellationToken) => _left > 0 || await inner.ReadAsync(new byte[1], cancellationToken) == 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0 || buffer.Length == 0) return 0;
        int read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        _left -= read;
        return read;
    }
}
