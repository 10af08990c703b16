namespace Smxp.Bridge.Email.Inbound;

/// <summary>Reads a <see cref="MessageSpool"/> and takes it along when it is closed.</summary>
internal sealed class SpoolReader(MessageSpool spool) : Stream
{
    private readonly Stream _inner = spool.OpenRead();

    public override bool CanRead => true;

    public override bool CanSeek => _inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length => _inner.Length;

    public override long Position
    {
        get => _inner.Position;
        set => _inner.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => _inner.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _inner.ReadAsync(buffer, cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => _inner.Seek(offset, origin);

    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        await spool.DisposeAsync();
        await base.DisposeAsync();
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
