using LinqToDB.Mapping;

namespace Smxp.Storage.Relational.State;

[Table("domains")]
internal sealed record DomainRow
{
    [PrimaryKey, Column("name")] public required string Name { get; init; }
    [Column("created_at")] public required long CreatedAt { get; init; }
}

[Table("domain_keys")]
internal sealed record DomainKeyRow
{
    [PrimaryKey(0), Column("domain")] public required string Domain { get; init; }
    [PrimaryKey(1), Column("key_id")] public required string KeyId { get; init; }
    [Column("algorithm")] public required string Algorithm { get; init; }
    [Column("public_key")] public required byte[] PublicKey { get; init; }
    [Column("secret_key")] public required byte[] SecretKey { get; init; }
    [Column("created_at")] public required long CreatedAt { get; init; }
    [Column("retired_at")] public long? RetiredAt { get; init; }
}

[Table("addresses")]
internal sealed record AddressRow
{
    [PrimaryKey, Column("address")] public required string Address { get; init; }
    [Column("domain")] public required string Domain { get; init; }
    [Column("password_hash")] public string? PasswordHash { get; init; }
    [Column("created_at")] public required long CreatedAt { get; init; }
}

[Table("tokens")]
internal sealed record TokenRow
{
    [PrimaryKey, Column("id")] public required string Id { get; init; }
    [Column("owner")] public required string Owner { get; init; }
    [Column("domain")] public required string Domain { get; init; }
    [Column("kind")] public required string Kind { get; init; }
    [Column("hash")] public required byte[] Hash { get; init; }
    [Column("name")] public string? Name { get; init; }
    [Column("created_at")] public required long CreatedAt { get; init; }
    [Column("expires_at")] public long? ExpiresAt { get; init; }
    [Column("last_used")] public long? LastUsed { get; init; }
}

[Table("routes")]
internal sealed record RouteRow
{
    [PrimaryKey, Column("id")] public required string Id { get; init; }
    [Column("domain")] public required string Domain { get; init; }
    [Column("pattern")] public required string Pattern { get; init; }
    [Column("target_address")] public required string TargetAddress { get; init; }
    [Column("priority")] public required int Priority { get; init; }
    [Column("enabled")] public required bool Enabled { get; init; }
    [Column("created_at")] public required long CreatedAt { get; init; }
}

[Table("delegations")]
internal sealed record DelegationRow
{
    /// <summary>The order they were given in, which their times, in seconds, do not tell.</summary>
    [PrimaryKey, Identity, Column("serial")] public long Serial { get; init; }
    [Column("id")] public required string Id { get; init; }
    [Column("owner")] public required string Owner { get; init; }
    [Column("domain")] public required string Domain { get; init; }
    [Column("delegate")] public required string Delegate { get; init; }
    [Column("scope")] public required string Scope { get; init; }
    [Column("created_at")] public required long CreatedAt { get; init; }
    [Column("expires_at")] public long? ExpiresAt { get; init; }
}

[Table("peer_keys")]
internal sealed record PeerKeyRow
{
    [PrimaryKey(0), Column("domain")] public required string Domain { get; init; }
    [PrimaryKey(1), Column("key_id")] public required string KeyId { get; init; }
    [Column("algorithm")] public required string Algorithm { get; init; }
    [Column("public_key")] public required byte[] PublicKey { get; init; }
    [Column("expires_at")] public required long ExpiresAt { get; init; }
}
