using System.Diagnostics;

namespace Smxp.Testing;

/// <summary>
/// A file system in a file (ext4 on a loop device) whose writes can be made to fail while files on it are open, which no remount allows. It needs the right to mount;
/// see <see cref="Unavailable"/>.
/// </summary>
public sealed class FaultyDisk : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    /// <summary>Makes and mounts it.</summary>
    public FaultyDisk(int megabytes)
    {
        using (var image = File.Create(Image)) image.SetLength(megabytes * 1024L * 1024);
        Directory.CreateDirectory(Path);
        if (Run("mkfs.ext4", "-q", Image) != 0 || Run("mount", "-o", "loop", Image, Path) != 0) throw new InvalidOperationException("A file system could not be made.");
    }

    /// <summary>Why it cannot be had here, to skip with; null where it can.</summary>
    public static string? Unavailable { get; } = Probe();

    /// <summary>Where it is.</summary>
    public string Path => _folder["disk"];

    private string Image => _folder["image"];

    /// <summary>
    /// Takes every write away from all files and folders on it, the open ones too. Files that are memory shared by name, as SQLite's <c>-shm</c>, are left alone:
    /// there a refusal is no error to handle but a signal that ends the process.
    /// </summary>
    public void RefuseWrites()
    {
        string[] entries = [.. Directory.GetFileSystemEntries(Path, "*", SearchOption.AllDirectories).Where(static entry => !entry.EndsWith("-shm", StringComparison.Ordinal))];
        Must("chattr", ["+i", Path, .. entries]);
    }

    /// <summary>Gives them back.</summary>
    public void AllowWrites() => Must("chattr", "-f", "-R", "-i", Path);

    /// <summary>Makes it read-only for good, as the kernel does when it finds the disk broken.</summary>
    public void Break() => Must("mount", "-o", "remount,abort", Path);

    /// <summary>Mounts it anew, for writing; only while nobody uses it.</summary>
    public void Mend()
    {
        Must("umount", Path);
        Must("mount", "-o", "loop", Image, Path);
    }

    public void Dispose()
    {
        Run("chattr", "-f", "-R", "-i", Path);
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux()) return "needs Linux, to mount a disk that fails";
        try
        {
            using var disk = new FaultyDisk(4);
            disk.RefuseWrites();
            disk.AllowWrites();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "needs a loop device, mkfs.ext4, chattr and the right to mount (root)";
        }
    }

    private static void Must(string command, params string[] arguments)
    {
        if (Run(command, arguments) is var exitCode && exitCode != 0) throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} ended with {exitCode}.");
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A fact that needs <see cref="FaultyDisk"/>; skipped, by name, where there is none.</summary>
public sealed class FaultyDiskFactAttribute : Xunit.FactAttribute
{
    /// <summary>Looks whether it can run.</summary>
    public FaultyDiskFactAttribute() => Skip = FaultyDisk.Unavailable;
}
