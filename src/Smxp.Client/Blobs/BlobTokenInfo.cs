namespace Smxp.Client.Blobs;

/// <summary>What is known of a capability token; never the token itself.</summary>
public sealed record BlobTokenInfo
{
    /// <summary>Its public id.</summary>
    public required string Id { get; init; }

    /// <summary>Whom it was made for, as a note.</summary>
    public string? Recipient { get; init; }

    /// <summary>When it was made, Unix seconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Until when it opens the blob, Unix seconds; null for as long as the blob stands.</summary>
    public long? ExpiresAt { get; init; }
}

/// <summary>A capability token that was just made.</summary>
/// <param name="Token">The token, <c>blt_…</c>. Shown once.</param>
/// <param name="Id">Its public id.</param>
/// <param name="ExpiresAt">Until when it opens the blob, Unix seconds; null for as long as the blob stands.</param>
public sealed record NewBlobToken(string Token, string Id, long? ExpiresAt = null);

internal sealed record BlobTokenBody(string? Recipient, long? ExpiresAt);

internal sealed record BlobTokenList(IReadOnlyList<BlobTokenInfo> Tokens);
