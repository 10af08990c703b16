namespace Smxp.Client.Blobs;

/// <summary>What the server knows of a blob.</summary>
public sealed record BlobInfo
{
    /// <summary>Its id, <c>blob_…</c>.</summary>
    public required string BlobId { get; init; }

    /// <summary>How many bytes are stored.</summary>
    public long Size { get; init; }

    /// <summary>Their SHA-256, 64 lower-case hex digits.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Their media type, as the owner says; encrypted uploads say none.</summary>
    public string? ContentType { get; init; }

    /// <summary>Their name, as the owner says; encrypted uploads say none.</summary>
    public string? Name { get; init; }

    /// <summary>When it was announced, Unix seconds.</summary>
    public long CreatedAt { get; init; }
}

/// <summary>How far an upload got.</summary>
/// <param name="BlobId">The blob.</param>
/// <param name="Size">Bytes announced.</param>
/// <param name="Received">Bytes received, from the beginning without a gap.</param>
/// <param name="Finalized">Whether it is complete and its hash was right.</param>
public sealed record BlobStatus(string BlobId, long Size, long Received, bool Finalized);

internal sealed record BlobBody(long Size, string Sha256, string? ContentType, string? Name);

internal sealed record NewBlob(string BlobId, int ChunkSize);

internal sealed record BlobReceived(long Received);

internal sealed record BlobList(IReadOnlyList<BlobInfo> Blobs);
