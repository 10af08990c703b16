using System.Buffers;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>Writes into a <see cref="MessageSpool"/> for those who know only streams.</summary>
internal sealed class SpoolWriter(MessageSpool spool) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => spool.Length;

    public override long Position
    {
        get => spool.Length;
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => spool.WriteAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count)
    {
        // Those who write synchronously (MimeKit) are on a worker thread, and the file buffers.
        var write = spool.WriteAsync(buffer.AsMemory(offset, count), CancellationToken.None);
        if (!write.IsCompletedSuccessfully) write.AsTask().GetAwaiter().GetResult();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            buffer.CopyTo(copy);
            Write(copy, 0, buffer.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
