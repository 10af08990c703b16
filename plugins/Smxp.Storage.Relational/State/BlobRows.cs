using LinqToDB.Mapping;

namespace Smxp.Storage.Relational.State;

[Table("blobs")]
internal sealed record BlobRow
{
    [PrimaryKey, Column("id")] public required string Id { get; init; }
    [Column("owner")] public required string Owner { get; init; }
    [Column("size")] public required long Size { get; init; }
    [Column("sha256")] public required string Sha256 { get; init; }
    [Column("content_type")] public string? ContentType { get; init; }
    [Column("name")] public string? Name { get; init; }
    [Column("created_at")] public required long CreatedAt { get; init; }
    [Column("finalized_at")] public long? FinalizedAt { get; init; }
}

[Table("blob_tokens")]
internal sealed record BlobTokenRow
{
    [PrimaryKey, Column("id")] public required string Id { get; init; }
    [Column("blob_id")] public required string BlobId { get; init; }
    [Column("hash")] public required byte[] Hash { get; init; }
    [Column("recipient")] public string? Recipient { get; init; }
    [Column("created_at")] public required long CreatedAt { get; init; }
    [Column("expires_at")] public long? ExpiresAt { get; init; }
}
