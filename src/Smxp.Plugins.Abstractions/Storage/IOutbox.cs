using Smxp.Protocol;

namespace Smxp.Plugins.Storage;

/// <summary>The durable queue of what leaves this server. Entries are enqueued by <see cref="IMessageStore.CommitAsync"/>, and leased by the node that works on them.</summary>
/// <remarks>Called from several threads. An outage is a <see cref="StorageUnavailableException"/>.</remarks>
public interface IOutbox
{
    /// <summary>
    /// Takes entries that are due and not leased, the longest due first, and leases them to this node; of one destination at most <paramref name="perDestination"/>,
    /// those that this node still holds counted, so that a destination that hangs never takes the places of others.
    /// </summary>
    Task<IReadOnlyList<OutboxEntry>> LeaseAsync(string node, long now, long leaseUntil, int limit, int perDestination, CancellationToken cancellationToken);

    /// <summary>Prolongs the leases that this node holds on these entries. Entries it does not hold are ignored.</summary>
    Task RenewAsync(string node, IReadOnlyList<string> entryIds, long leaseUntil, CancellationToken cancellationToken);

    /// <summary>
    /// Ends or postpones an entry (one attempt more, its lease ended) and tells the sender's mailbox, in one transaction: the sent message's status and error change, and a <c>status</c> entry is logged
    /// where the status did, for an entry's first <see cref="OutboxOutcome.Notice"/>, and where it is parked. Answers that entry's sequence, to publish; null where nothing was logged. Unknown entries
    /// are ignored.
    /// A parked entry stays in the queue, and is not leased again unless somebody makes it due.
    /// </summary>
    Task<long?> SettleAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken);

    /// <summary>Frees what a node had leased before it restarted.</summary>
    Task ReleaseAsync(string node, CancellationToken cancellationToken);

    /// <summary>When the next entry is due (Unix seconds), leased ones at the end of their lease; null while nothing is to be carried: parked entries never are.</summary>
    Task<long?> NextDueAsync(CancellationToken cancellationToken);

    /// <summary>Entries for the operator's eyes, oldest first, after the one named; with <paramref name="messageId"/> only that message's.</summary>
    Task<IReadOnlyList<OutboxEntry>> ListAsync(string? messageId, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>How many entries wait.</summary>
    Task<int> CountAsync(CancellationToken cancellationToken);
}

/// <summary>One envelope on its way to one recipient elsewhere.</summary>
public sealed record OutboxEntry
{
    /// <summary>The <see cref="DueAt"/> of what is not to be carried.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Its id, sortable by age (UUIDv7).</summary>
    public required string Id { get; init; }

    /// <summary>The envelope's id.</summary>
    public required string MessageId { get; init; }

    /// <summary>The sender's mailbox, told what becomes of it; null where nobody is (a forward).</summary>
    public Address? Sender { get; init; }

    /// <summary>The recipient.</summary>
    public required Address Recipient { get; init; }

    /// <summary>What waits together: the recipient's domain, or another name the router gives.</summary>
    public required string Destination { get; init; }

    /// <summary>The transport that must carry it; null to choose at each attempt.</summary>
    public string? Transport { get; init; }

    /// <summary>The same for entries of one send call, so that a transport can carry them together.</summary>
    public string? Group { get; init; }

    /// <summary>Everybody the send call went to, in its order, whichever way; empty where it went to one. Then <see cref="Group"/> is the id of the first one's envelope.</summary>
    public IReadOnlyList<Address> Audience { get; init; } = [];

    /// <summary>Whether the sender asked to be told when it is read, where the way out knows such a thing.</summary>
    public bool AsksReceipt { get; init; }

    /// <summary>
    /// For an edit or delete: the message whose entry it takes the place of, where that one still waits, worked on by no node, for the same transport to the same recipient. An edit then
    /// gives it its bytes, a delete takes it out, and this entry is never written (<see cref="CommitResult.Absorbed"/>); otherwise it is enqueued as any other. Not kept.
    /// </summary>
    public string? Supersedes { get; init; }

    /// <summary>The envelope's bytes: of <see cref="MessageId"/>'s envelope, or of an edit that took effect before it left.</summary>
    public required ReadOnlyMemory<byte> Envelope { get; init; }

    /// <summary>Attempts so far.</summary>
    public int Attempts { get; init; }

    /// <summary>How many of them, up to the last, failed by a fault of ours (<see cref="Plugins.Delivery.HandOverKind.Faulted"/>) one after the other.</summary>
    public int Faults { get; init; }

    /// <summary>Not before this, Unix seconds; <see cref="Never"/> for a parked entry.</summary>
    public required long DueAt { get; init; }

    /// <summary>Whether it is parked: it could not be carried for a fault of ours, and waits for the operator.</summary>
    public bool IsParked => DueAt == Never;

    /// <summary>The node working on it.</summary>
    public string? LeasedBy { get; init; }

    /// <summary>When that lease ends, Unix seconds.</summary>
    public long? LeasedUntil { get; init; }

    /// <summary>When it was enqueued, Unix seconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Given up after this, Unix seconds.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>What the last attempt met.</summary>
    public string? LastError { get; init; }

    /// <summary>What it waits for at this time (Unix seconds).</summary>
    public OutboxState StateAt(long now) =>
        LeasedBy is not null && LeasedUntil > now ? OutboxState.Working : IsParked ? OutboxState.Parked : DueAt <= now ? OutboxState.Due : OutboxState.Later;
}

/// <summary>What becomes of an entry after an attempt.</summary>
/// <param name="Status">Sent and Failed end it; Queued postpones it.</param>
/// <param name="Transport">The transport that carried it, for the sender's row; null to leave it.</param>
/// <param name="Error">Why not, in words for the sender.</param>
/// <param name="RetryAt">When to try again (Unix seconds), for Queued.</param>
/// <param name="At">Now, Unix seconds.</param>
/// <param name="Notice">For Queued: what the sender is told in place of the error, because it takes long or is parked; null while neither is so.</param>
/// <param name="Faults">How many attempts up to this one failed by a fault of ours one after the other.</param>
/// <param name="Parked">With Queued: whether the entry waits for the operator, who may make it due again or give it up.</param>
public sealed record OutboxOutcome(SendStatus Status, string? Transport, string? Error, long? RetryAt, long At, string? Notice = null, int Faults = 0, bool Parked = false)
{
    /// <summary>What a bridge remembers of the attempt; written in the same transaction. None may be unique.</summary>
    public IReadOnlyList<BridgeRecord> Records { get; init; } = [];
}
