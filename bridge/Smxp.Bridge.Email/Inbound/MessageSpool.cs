using System.Buffers;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>Bytes on their way: in memory while they are few, in a file that vanishes with it once they are many. Written once, then read as often as needed.</summary>
internal sealed class MessageSpool(string directory) : IAsyncDisposable
{
    private const string Extension = ".spool";
    private const int FirstBuffer = 4096;
    private const int LargestBuffer = 64 * 1024;

    private byte[]? _memory = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private FileStream? _file;
    private int _length;

    /// <summary>Removes what a crash left in a directory.</summary>
    public static void Sweep(string directory)
    {
        if (!Directory.Exists(directory)) return;
        foreach (string path in Directory.EnumerateFiles(directory, $"*{Extension}")) File.Delete(path);
    }

    /// <summary>How many bytes it holds.</summary>
    public long Length => _file?.Length ?? _length;

    /// <summary>Another one in the same place.</summary>
    public MessageSpool NewBeside() => new(directory);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (_file is not null) return _file.WriteAsync(piece, cancellationToken);
        if (_length + piece.Length > LargestBuffer) return SpillAsync(piece, cancellationToken);
        if (_length + piece.Length > _memory!.Length) Grow(_length + piece.Length);
        piece.CopyTo(_memory.AsMemory(_length));
        _length += piece.Length;
        return ValueTask.CompletedTask;
    }

    /// <summary>The bytes, where they are in memory.</summary>
    public bool TryGetMemory(out ReadOnlyMemory<byte> bytes)
    {
        bytes = _memory.AsMemory(0, _length);
        return _file is null;
    }

    /// <summary>A stream over the bytes.</summary>
    public Stream OpenRead()
    {
        if (_file is null) return new MemoryStream(_memory!, 0, _length, writable: false);
        _file.Flush();
        return new FileStream(_file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, LargestBuffer);
    }

    /// <summary>A stream that writes to it.</summary>
    public Stream OpenWrite() => new SpoolWriter(this);

    public async ValueTask DisposeAsync()
    {
        if (_memory is { } memory) ArrayPool<byte>.Shared.Return(memory);
        _memory = null;
        if (_file is null) return;
        try
        {
            await _file.DisposeAsync();
        }
        catch (IOException)
        {
            // There is no room for the last of it, and nobody wants it any more. The file is closed, and gone.
        }
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _memory!.Length * 2));
        _memory.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_memory);
        _memory = larger;
    }

    private async ValueTask SpillAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, $"{Guid.NewGuid():N}{Extension}");
        // Nothing here is acknowledged, so the file needs no flush to disk. What a crash leaves behind is swept at the next start.
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, LargestBuffer, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await _file.WriteAsync(_memory.AsMemory(0, _length), cancellationToken);
        ArrayPool<byte>.Shared.Return(_memory!);
        (_memory, _length) = (null, 0);
        await _file.WriteAsync(piece, cancellationToken);
    }
}
