namespace Smxp.Client.Blobs;

/// <summary>What the server knows of a blob.</summary>
public sealed record BlobInfo
{
    /// <summary>Its id, <c>blob_…</c>.</summary>
    public required string BlobId { get; init; }

    /// <summary>How many bytes it has, or will have.</summary>
    public long Size { get; init; }

    /// <summary>Their SHA-256, 64 lower-case hex digits.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Their media type, as the owner says; encrypted uploads say none.</summary>
    public string? ContentType { get; init; }

    /// <summary>Their name, as the owner says; encrypted uploads say none.</summary>
    public string? Name { get; init; }

    /// <summary>Bytes received, from the beginning without a gap.</summary>
    public long Received { get; init; }

    /// <summary>When it was announced, Unix seconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it was complete and its hash right, Unix seconds; null before.</summary>
    public long? FinalizedAt { get; init; }
}

internal sealed record BlobBody(long Size, string Sha256, string? ContentType, string? Name);

internal sealed record NewBlob(string BlobId, int ChunkSize);

internal sealed record BlobReceived(long Received);

internal sealed record BlobList(IReadOnlyList<BlobInfo> Blobs, string? Next = null);
