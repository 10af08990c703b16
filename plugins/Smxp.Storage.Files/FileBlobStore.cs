using Smxp.Plugins;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Files;

/// <summary>
/// Blobs as files. An upload grows in place, so its length is where it goes on after a crash; completing it flushes the file, renames it in one step, and flushes
/// both directories, so that a blob is either wholly there under its name or still an upload.
/// </summary>
internal sealed class FileBlobStore(string root) : IBlobStore, IDriver
{
    private const int BufferSize = 81920;
    private readonly BlobPaths _paths = new(root);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        BlobPaths.Create(root);
        BlobPaths.Create(_paths.Uploads);
        BlobPaths.Create(_paths.Stored);
        return Task.CompletedTask;
    }

    public ValueTask<string?> CheckAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(Directory.Exists(_paths.Uploads) && Directory.Exists(_paths.Stored) ? null : $"The blob directory {root} is gone.");

    public Task<long> AppendAsync(string blobId, long offset, Stream bytes, CancellationToken cancellationToken)
    {
        string upload = _paths.Upload(blobId);
        string blob = _paths.Blob(blobId);
        return Outage.GuardAsync(async () =>
        {
            if (Length(blob) is { } complete) return complete;
            if (Length(upload) is null && offset != 0) return 0;
            BlobPaths.Create(Path.GetDirectoryName(upload)!);
            await using FileStream file = new(upload, Writing());
            if (file.Length != offset) return file.Length;
            file.Seek(0, SeekOrigin.End);
            await CopyAsync(bytes, file, cancellationToken);
            await file.FlushAsync(cancellationToken);
            return file.Length;
        });
    }

    public Task<long?> GetLengthAsync(string blobId, CancellationToken cancellationToken) =>
        Task.FromResult(Length(_paths.Blob(blobId)) ?? Length(_paths.Upload(blobId)));

    public Task<bool> CompleteAsync(string blobId, CancellationToken cancellationToken)
    {
        string upload = _paths.Upload(blobId);
        string blob = _paths.Blob(blobId);
        return Outage.GuardAsync(() => Task.Run(() =>
        {
            if (!File.Exists(upload)) return false;
            using (FileStream file = new(upload, FileMode.Open, FileAccess.Write)) file.Flush(flushToDisk: true);
            BlobPaths.Create(Path.GetDirectoryName(blob)!);
            File.Move(upload, blob, overwrite: true);
            DurableDirectory.Flush(Path.GetDirectoryName(blob)!);
            DurableDirectory.Flush(Path.GetDirectoryName(upload)!);
            return true;
        }, cancellationToken));
    }

    public Task<Stream?> OpenAsync(string blobId, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return Outage.GuardAsync(() => Task.FromResult<Stream?>(TryOpen(_paths.Blob(blobId), offset) ?? TryOpen(_paths.Upload(blobId), offset)));
    }

    public Task<bool> RemoveAsync(string blobId, CancellationToken cancellationToken)
    {
        string[] candidates = [_paths.Blob(blobId), _paths.Upload(blobId)];
        return Outage.GuardAsync(() =>
        {
            string[] present = [.. candidates.Where(File.Exists)];
            foreach (string file in present) File.Delete(file);
            return Task.FromResult(present.Length > 0);
        });
    }

    private static long? Length(string path) => new FileInfo(path) is { Exists: true, Length: var length } ? length : null;

    // Read and write are kept apart: only what the disk says is an outage, a sender that breaks off is not.
    private static async Task CopyAsync(Stream from, FileStream to, CancellationToken cancellationToken)
    {
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                int read;
                try
                {
                    read = await from.ReadAsync(buffer, cancellationToken);
                }
                catch (IOException broken)
                {
                    throw new SenderBrokeOffException(broken);
                }

                if (read == 0) return;
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static FileStream? TryOpen(string path, long offset)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
            file.Seek(offset, SeekOrigin.Begin);
            return file;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static FileStreamOptions Writing()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
