namespace Smxp.Plugins.Storage;

/// <summary>The outbox as the operator sees and steers it; implemented by whatever implements <see cref="IOutbox"/>. Envelopes are never part of what it answers.</summary>
/// <remarks>Called from several threads. An outage is a <see cref="StorageUnavailableException"/>.</remarks>
public interface IOutboxControl
{
    /// <summary>One entry, its envelope left empty; null where there is none.</summary>
    Task<OutboxEntry?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Entries, oldest first, their envelopes left empty.</summary>
    Task<IReadOnlyList<OutboxEntry>> ListAsync(OutboxFilter filter, CancellationToken cancellationToken);

    /// <summary>How many entries wait for each destination, the most first.</summary>
    Task<IReadOnlyList<OutboxDestination>> DestinationsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>How many entries are in which state, and the oldest of them.</summary>
    Task<OutboxSummary> SummaryAsync(long now, CancellationToken cancellationToken);

    /// <summary>Makes entries due at once: one, all of a destination, or (both null) all. Those that a node works on are left alone. Answers how many it made due.</summary>
    Task<int> HastenAsync(string? id, string? destination, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Leases one entry to this node, whether due, later or parked, unless a node works on it: so that nobody carries it while it is being given up (<see cref="IOutbox.SettleAsync"/>).
    /// A parked entry whose lease ends is parked as before.
    /// </summary>
    Task<TakeResult> TakeAsync(string id, string node, long now, long leaseUntil, CancellationToken cancellationToken);
}

/// <summary>Which entries to list.</summary>
/// <param name="Now">The time, Unix seconds; what a state means depends on it.</param>
/// <param name="Destination">Only those for this destination.</param>
/// <param name="State">Only those in this state.</param>
/// <param name="After">Only those after this id.</param>
/// <param name="Limit">How many at most.</param>
public sealed record OutboxFilter(long Now, string? Destination = null, OutboxState? State = null, string? After = null, int Limit = 100);

/// <summary>What an entry waits for.</summary>
public enum OutboxState
{
    /// <summary>Its next attempt is due, and comes when its destination has a place free.</summary>
    Due,

    /// <summary>Its next attempt comes later.</summary>
    Later,

    /// <summary>A node works on it.</summary>
    Working,

    /// <summary>It could not be carried for a fault of ours, and waits for the operator.</summary>
    Parked,
}

/// <summary>What waits for one destination.</summary>
/// <param name="Destination">Its name.</param>
/// <param name="Entries">How many wait.</param>
/// <param name="OldestAt">When the oldest was enqueued, Unix seconds.</param>
/// <param name="NextDueAt">When the next attempt is due, Unix seconds; <see cref="OutboxEntry.Never"/> where all are parked.</param>
public sealed record OutboxDestination(string Destination, int Entries, long OldestAt, long NextDueAt);

/// <summary>The outbox in numbers.</summary>
/// <param name="Due">Entries that are due.</param>
/// <param name="Later">Entries whose time is yet to come.</param>
/// <param name="Working">Entries that a node works on.</param>
/// <param name="Parked">Entries that wait for the operator.</param>
/// <param name="OldestAt">When the oldest was enqueued, Unix seconds; null while it is empty.</param>
public sealed record OutboxSummary(int Due, int Later, int Working, int Parked, long? OldestAt);

/// <summary>What became of a wish to take an entry.</summary>
/// <param name="Kind">The outcome.</param>
/// <param name="Entry">The entry with its envelope, leased; null unless taken.</param>
public sealed record TakeResult(TakeKind Kind, OutboxEntry? Entry = null);

/// <summary>The outcome of a wish to take an entry.</summary>
public enum TakeKind
{
    /// <summary>It is leased.</summary>
    Taken,

    /// <summary>There is no such entry.</summary>
    NotFound,

    /// <summary>A node works on it; it may be on its way already.</summary>
    Working,
}
