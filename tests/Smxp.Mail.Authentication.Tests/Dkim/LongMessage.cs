namespace Smxp.Mail.Authentication.Tests.Dkim;

/// <summary>A message followed by so many octets of text, made as they are read, at once.</summary>
internal sealed class LongMessage(byte[] start, long more) : Stream
{
    private long _position;

    public bool AtEnd => _position == Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => start.Length + more;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = (int)Math.Min(count, Length - _position);
        for (int i = 0; i < read; i++, _position++) buffer[offset + i] = _position < start.Length ? start[_position] : (_position % 80) switch { 78 => (byte)'\r', 79 => (byte)'\n', _ => (byte)'x' };
        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> array));
        return ValueTask.FromResult(Read(array.Array!, array.Offset, array.Count));
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
