using LinqToDB.Mapping;

namespace Smxp.Storage.Relational.Bridge;

[Table("bridge_records")]
internal sealed record BridgeRecordRow
{
    [PrimaryKey(0), Column("bridge")] public required string Bridge { get; init; }

    /// <summary>The mailbox; empty for the bridge's own, since a key holds no null.</summary>
    [PrimaryKey(1), Column("mailbox")] public required string Mailbox { get; init; }
    [PrimaryKey(2), Column("record_key")] public required string Key { get; init; }
    [Column("value")] public required byte[] Value { get; init; }
    [Column("is_unique")] public bool Unique { get; init; }
}
