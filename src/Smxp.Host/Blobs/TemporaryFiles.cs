using Smxp.Plugins.Host;

namespace Smxp.Host.Blobs;

/// <summary>Files that go away when they are closed, in <c>tmp</c> below the data directory, for the server's user alone.</summary>
internal sealed class TemporaryFiles(ServerPaths paths)
{
    private readonly string _directory = paths.Resolve("tmp");

    public FileStream Create()
    {
        Directory.CreateDirectory(_directory);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(_directory, Guid.NewGuid().ToString("N")), options);
    }

    /// <summary>Removes what a crash left behind.</summary>
    public void RemoveOlderThan(DateTimeOffset time)
    {
        if (!Directory.Exists(_directory)) return;
        foreach (var file in new DirectoryInfo(_directory).EnumerateFiles().Where(file => file.LastWriteTimeUtc < time.UtcDateTime)) file.Delete();
    }
}
