namespace Smxp.Client.Blobs;

/// <summary>What to say of a file that is uploaded.</summary>
public sealed record UploadOptions
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Its media type, e.g. <c>application/pdf</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary><c>attachment</c> (what null means), <c>inline</c> or <c>embedded</c>.</summary>
    public string? Disposition { get; init; }

    /// <summary>Told of every piece sent.</summary>
    public IProgress<TransferProgress>? Progress { get; init; }
}

/// <summary>How far a transfer is.</summary>
/// <param name="Transferred">Encrypted bytes so far.</param>
/// <param name="Total">Encrypted bytes in all.</param>
public readonly record struct TransferProgress(long Transferred, long Total);
