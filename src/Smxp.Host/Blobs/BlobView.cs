using System.Text.Json.Serialization;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Blobs;

/// <summary>What is known of a blob, for its owner (SMXP §10).</summary>
internal sealed record BlobView(string BlobId, string Owner, long Size, long Received, string Sha256, string Status, long CreatedAt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? ContentType { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public long? FinalizedAt { get; init; }

    public static BlobView Of(BlobRecord blob, long received) =>
        new(blob.Id, blob.Owner.ToString(), blob.Size, received, blob.Sha256, blob.FinalizedAt is null ? "pending" : "ready", blob.CreatedAt)
        {
            ContentType = blob.ContentType,
            Name = blob.Name,
            FinalizedAt = blob.FinalizedAt,
        };
}
