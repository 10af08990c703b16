using System.ComponentModel.DataAnnotations;

namespace Smxp.Storage.Files;

/// <summary>Where the files are.</summary>
public sealed class FilesSettings
{
    /// <summary>The directory, absolute or below the server's data directory. Made where it does not exist.</summary>
    [Required]
    public string Directory { get; set; } = "blobs";
}
