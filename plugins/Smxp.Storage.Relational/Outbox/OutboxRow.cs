using LinqToDB.Mapping;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>What waits to leave.</summary>
[Table("outbox")]
internal sealed record OutboxRow
{
    [PrimaryKey, Column("id")] public required string Id { get; init; }
    [Column("message_id")] public required string MessageId { get; init; }
    [Column("sender")] public string? Sender { get; init; }
    [Column("recipient")] public required string Recipient { get; init; }
    [Column("destination")] public required string Destination { get; init; }
    [Column("transport")] public string? Transport { get; init; }
    [Column("send_group")] public string? Group { get; init; }
    [Column("envelope_no")] public long EnvelopeNo { get; init; }

    /// <summary>Whether the envelope goes with this row, because no mailbox shows it (a forward).</summary>
    [Column("owns_envelope")] public bool OwnsEnvelope { get; init; }
    [Column("attempts")] public int Attempts { get; init; }
    [Column("due_at")] public long DueAt { get; init; }

    /// <summary>When it may be taken: when it is due, or when its lease ends, whichever is later. So one index finds both.</summary>
    [Column("free_at")] public long FreeAt { get; init; }
    [Column("leased_by")] public string? LeasedBy { get; init; }
    [Column("leased_until")] public long? LeasedUntil { get; init; }
    [Column("created_at")] public long CreatedAt { get; init; }
    [Column("expires_at")] public long ExpiresAt { get; init; }
    [Column("last_error")] public string? LastError { get; init; }
}
