using LinqToDB.Mapping;

namespace Smxp.Storage.Relational.Messages;

[Table("mailboxes")]
internal sealed record MailboxRow
{
    [PrimaryKey, Column("mailbox_no")] public long MailboxNo { get; init; }
    [Column("address")] public required string Address { get; init; }
    [Column("last_sequence")] public long LastSequence { get; init; }
}

[Table("conversations")]
internal sealed record ConversationRow
{
    [PrimaryKey, Column("conversation_no")] public long ConversationNo { get; init; }
    [Column("mailbox_no")] public long MailboxNo { get; init; }
    [Column("conversation_id")] public required string ConversationId { get; init; }
    [Column("last_entry")] public long? LastEntry { get; init; }
    [Column("messages")] public int Messages { get; init; }
    [Column("unread")] public int Unread { get; init; }
    [Column("participants")] public string? Participants { get; init; }
}

[Table("envelopes")]
internal sealed record EnvelopeRow
{
    [PrimaryKey, Column("envelope_no")] public long EnvelopeNo { get; init; }
    [Column("bytes")] public required byte[] Bytes { get; init; }
}

/// <summary>An entry of a mailbox's log. Written by <see cref="Commits.EntryWriter"/>.</summary>
[Table("entries")]
internal sealed record EntryRow
{
    [PrimaryKey, Column("entry_id")] public long EntryId { get; init; }
    [Column("mailbox_no")] public long MailboxNo { get; init; }
    [Column("lane")] public int Lane { get; init; }
    [Column("conversation_no")] public long ConversationNo { get; init; }
    [Column("message_id")] public required string MessageId { get; init; }

    /// <summary>What an edit or delete names; null for everything else.</summary>
    [Column("target_id")] public string? TargetId { get; init; }

    /// <summary>To whom a sent message went; null for everything else.</summary>
    [Column("recipient")] public string? Recipient { get; init; }
    [Column("timestamp")] public long Timestamp { get; init; }
    [Column("modified_sequence")] public long ModifiedSequence { get; init; }
    [Column("envelope_no")] public long? EnvelopeNo { get; init; }

    /// <summary>The envelope of the newest edit.</summary>
    [Column("current_no")] public long? CurrentNo { get; init; }
    [Column("edited_by")] public string? EditedBy { get; init; }
    [Column("deleted")] public bool Deleted { get; init; }
    [Column("read_status")] public int ReadStatus { get; init; }
    [Column("status")] public int? Status { get; init; }
    [Column("error")] public string? Error { get; init; }
    [Column("delivered_to")] public required string DeliveredTo { get; init; }
    [Column("verified")] public bool Verified { get; init; }
    [Column("on_behalf_of")] public string? OnBehalfOf { get; init; }
    [Column("transport")] public required string Transport { get; init; }

    /// <summary>Search text that an edit waiting for its message brings.</summary>
    [Column("search_text")] public string? SearchText { get; init; }

    /// <summary>The ids that a receipt or mark changed, see <see cref="StoredText.Join"/>.</summary>
    [Column("affected")] public string? Affected { get; init; }
    [Column("created_at")] public long CreatedAt { get; init; }
}
