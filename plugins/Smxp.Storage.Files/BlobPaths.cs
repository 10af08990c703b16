using System.Security.Cryptography;
using System.Text;

namespace Smxp.Storage.Files;

/// <summary>
/// Where each blob's file is: <c>uploads/</c> while bytes are still coming, <c>stored/</c> once complete, each in 256 folders so that none grows large.
/// </summary>
internal sealed class BlobPaths(string root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Uploads { get; } = Path.Combine(root, "uploads");

    public string Stored { get; } = Path.Combine(root, "stored");

    public string Upload(string blobId) => In(Uploads, blobId);

    public string Blob(string blobId) => In(Stored, blobId);

    /// <summary>Makes a directory that only the server's user can enter, and its name durable.</summary>
    public static void Create(string directory)
    {
        if (Directory.Exists(directory)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, OwnerOnly);
        DurableDirectory.Flush(Path.GetDirectoryName(directory)!);
    }

    // The id becomes a file name, so anything but the promised characters is a bug of the caller, or an attack on it.
    private static string In(string directory, string blobId)
    {
        if (blobId.Length is 0 or > 128 || !blobId.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw new ArgumentException("A blob id is 1 to 128 characters of A-Z, a-z, 0-9, _ and -.", nameof(blobId));
        byte first = SHA256.HashData(Encoding.ASCII.GetBytes(blobId))[0];
        return Path.Combine(directory, first.ToString("x2", System.Globalization.CultureInfo.InvariantCulture), blobId);
    }
}
