using System.Diagnostics;

namespace Smxp.Testing;

/// <summary>A file system of a few megabytes of its own, so that a test can fill it. It needs the right to mount; see <see cref="Unavailable"/>.</summary>
public sealed class SmallDisk : IDisposable
{
    private const string Ballast = "ballast";
    private readonly TemporaryDirectory _mountPoint = new();

    /// <summary>Mounts a disk.</summary>
    public SmallDisk(int megabytes)
    {
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "smxp-test", _mountPoint.Path) != 0)
            throw new InvalidOperationException("A file system could not be mounted.");
    }

    /// <summary>Why it cannot be had here, to skip with; null where it can.</summary>
    public static string? Unavailable { get; } = Probe();

    /// <summary>Where it is.</summary>
    public string Path => _mountPoint.Path;

    /// <summary>Leaves no more room than this.</summary>
    public void Fill(int leaveKilobytes)
    {
        long room = new DriveInfo(Path).AvailableFreeSpace - (leaveKilobytes * 1024L);
        using var file = File.Open(System.IO.Path.Combine(Path, Ballast), FileMode.Append);
        file.Write(new byte[Math.Max(0, room)]);
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Empty() => File.Delete(System.IO.Path.Combine(Path, Ballast));

    /// <summary>Makes it read-only; only while no file on it is open for writing.</summary>
    public void MakeReadOnly()
    {
        if (Run("mount", "-o", "remount,ro", Path) != 0) throw new InvalidOperationException("The file system could not be made read-only.");
    }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _mountPoint.Dispose();
    }

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux()) return "needs Linux, to mount a small disk";
        try
        {
            using var disk = new SmallDisk(1);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "needs the right to mount a small disk (root)";
        }
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A fact that needs <see cref="SmallDisk"/>; skipped, by name, where there is none.</summary>
public sealed class SmallDiskFactAttribute : Xunit.FactAttribute
{
    /// <summary>Looks whether it can run.</summary>
    public SmallDiskFactAttribute() => Skip = SmallDisk.Unavailable;
}
