using Smxp.Protocol;

namespace Smxp.Plugins.Storage;

/// <summary>What one accepted request writes, in one durable transaction: all of it or nothing.</summary>
public sealed record Commit
{
    /// <summary>What goes into which local mailbox, in order.</summary>
    public required IReadOnlyList<Delivery> Deliveries { get; init; }

    /// <summary>What leaves for elsewhere. Written only where every delivery was stored.</summary>
    public IReadOnlyList<OutboxEntry> Outbox { get; init; } = [];

    /// <summary>What a bridge keeps beside the messages.</summary>
    public IReadOnlyList<BridgeRecord> BridgeRecords { get; init; } = [];

    /// <summary>What was heard of messages that were sent before. Written only where every delivery was stored.</summary>
    public IReadOnlyList<SendReport> Reports { get; init; } = [];
}

/// <summary>One envelope for one local mailbox.</summary>
/// <remarks>
/// A <c>message</c> becomes a row. An <c>edit</c> or <c>delete</c> becomes a row too, and changes the message it names where that is in the mailbox, in the same
/// conversation, and by the same author; where it is not there yet it waits and is applied when the message arrives. A <c>receipt</c> becomes a log entry and raises
/// the read status, to 2, of what this mailbox sent its author in that conversation up to its timestamp.
/// </remarks>
public sealed record Delivery
{
    /// <summary>The mailbox.</summary>
    public required Address Mailbox { get; init; }

    /// <summary>In for received, out for sent.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The envelope with its bytes.</summary>
    public required SignedEnvelope Envelope { get; init; }

    /// <summary>The local address it was delivered to, where a route changed it; otherwise the envelope's <c>to</c>.</summary>
    public required string DeliveredTo { get; init; }

    /// <summary>Whether its signature, or for email its alignment, was verified.</summary>
    public bool Verified { get; init; }

    /// <summary>What was found out about its origin; null where it did not come as email, or nobody looked.</summary>
    public AuthenticationSummary? Authentication { get; init; }

    /// <summary>The delegate who sent it for its author.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>Which way it travels: <c>local</c>, <c>smxp</c>, <c>email</c>.</summary>
    public string Transport { get; init; } = "local";

    /// <summary>How far it got; null for what is received.</summary>
    public SendStatus? Status { get; init; }

    /// <summary>When it was accepted here, Unix seconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Plain text for search; null to use the envelope's body.</summary>
    public string? SearchText { get; init; }

    /// <summary>Everybody it is between, in order, where there are more than its author and its recipient; they become participants of the conversation.</summary>
    public IReadOnlyList<string> Participants { get; init; } = [];
}

/// <summary>What was heard of a sent message after it had left. Its row's status and error change, and a <c>status</c> entry is logged where either did; unknown messages are ignored.</summary>
/// <param name="Mailbox">The sender's mailbox.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Status">How far it got.</param>
/// <param name="Error">Why it failed or is late, in words for the sender; null to take back what was said.</param>
/// <param name="At">When that was heard, Unix seconds.</param>
public sealed record SendReport(Address Mailbox, string MessageId, SendStatus Status, string? Error, long At);

/// <summary>Which way an entry went.</summary>
public enum Direction
{
    /// <summary>Received.</summary>
    In,

    /// <summary>Sent.</summary>
    Out,
}

/// <summary>How far a sent message got.</summary>
public enum SendStatus
{
    /// <summary>Waiting in the outbox.</summary>
    Queued,

    /// <summary>Accepted by the recipient's side.</summary>
    Sent,

    /// <summary>Given up; the entry's error says why.</summary>
    Failed,
}

/// <summary>What became of a commit.</summary>
/// <param name="Outcome">Whether it was stored, and if not, why not.</param>
/// <param name="Sequences">The newest sequence of each mailbox it wrote to, to publish; empty unless stored.</param>
/// <param name="Updated">How many messages receipts in it marked.</param>
public sealed record CommitResult(CommitOutcome Outcome, IReadOnlyDictionary<Address, long> Sequences, int Updated)
{
    /// <summary>The result of a commit of which nothing was stored.</summary>
    public static CommitResult Refused(CommitOutcome outcome) => new(outcome, new Dictionary<Address, long>(), 0);

    /// <summary>The ids of outbox entries that were not enqueued, because what they change was still waiting and took it in (<see cref="OutboxEntry.Supersedes"/>).</summary>
    public IReadOnlyList<string> Absorbed { get; init; } = [];
}

/// <summary>Whether a commit was stored.</summary>
public enum CommitOutcome
{
    /// <summary>On stable storage.</summary>
    Stored,

    /// <summary>A mailbox has an entry of this id and direction already, or a unique bridge record exists. Nothing was stored.</summary>
    Duplicate,

    /// <summary>An edit or delete names a message of somebody else. Nothing was stored.</summary>
    NotAuthor,
}
