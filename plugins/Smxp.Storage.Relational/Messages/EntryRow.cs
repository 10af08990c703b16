namespace Smxp.Storage.Relational.Messages;

/// <summary>A new entry of a mailbox's log, as <see cref="Commits.EntryWriter"/> writes it.</summary>
internal sealed record EntryRow
{
    public long EntryId { get; init; }
    public long MailboxNo { get; init; }
    public int Lane { get; init; }
    public long ConversationNo { get; init; }

    /// <summary>The conversation its envelope names, where it lies in another; null otherwise.</summary>
    public long? NamedNo { get; init; }
    public required string MessageId { get; init; }

    /// <summary>What an edit or delete names; null for everything else.</summary>
    public string? TargetId { get; init; }

    /// <summary>To whom a sent message went; null for everything else.</summary>
    public string? Recipient { get; init; }
    public long Timestamp { get; init; }
    public long ModifiedSequence { get; init; }
    public long? EnvelopeNo { get; init; }
    public bool Deleted { get; init; }
    public int ReadStatus { get; init; }
    public int? Status { get; init; }
    public string? Error { get; init; }
    public required string DeliveredTo { get; init; }
    public bool Verified { get; init; }
    public string? OnBehalfOf { get; init; }
    public required string Transport { get; init; }

    /// <summary>Search text that an edit waiting for its message brings.</summary>
    public string? SearchText { get; init; }

    /// <summary>The ids that a receipt or mark changed, see <see cref="StoredText.Join"/>.</summary>
    public string? Affected { get; init; }

    /// <summary>Everybody the message is between, see <see cref="StoredText.Join"/>.</summary>
    public string? Participants { get; init; }
    public long CreatedAt { get; init; }
    public string? Authentication { get; init; }
}
