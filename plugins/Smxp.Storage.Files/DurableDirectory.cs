using System.Runtime.InteropServices;

namespace Smxp.Storage.Files;

/// <summary>Makes the names in a directory durable. A file's own flush does not say that its name survives a power cut (fsync(2), "Notes").</summary>
internal static class DurableDirectory
{
    private const int ReadOnly = 0;

    public static void Flush(string directory)
    {
        // NTFS journals names by itself, and has no such call.
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(directory, ReadOnly);
        if (descriptor < 0) throw new IOException($"Cannot open the directory {directory}: error {Marshal.GetLastPInvokeError()}.");
        try
        {
            if (Synchronize(descriptor) != 0) throw new IOException($"Cannot flush the directory {directory}: error {Marshal.GetLastPInvokeError()}.");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

#pragma warning disable SYSLIB1054 // The source-generated form would want unsafe code for these three plain calls.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
#pragma warning restore SYSLIB1054
}
