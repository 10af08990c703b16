namespace Smxp.Client.Admin;

/// <summary>A message on its way to one recipient elsewhere.</summary>
public sealed record QueueEntry
{
    /// <summary>Its id, which sorts by age.</summary>
    public required string Id { get; init; }

    /// <summary>The message's id.</summary>
    public required string MessageId { get; init; }

    /// <summary>Who is told what becomes of it; null where nobody is (a forward).</summary>
    public string? Sender { get; init; }

    /// <summary>Whom it is for.</summary>
    public required string Recipient { get; init; }

    /// <summary>What it waits with, as a rule the recipient's domain.</summary>
    public required string Destination { get; init; }

    /// <summary>The way it must take; null where each attempt chooses.</summary>
    public string? Transport { get; init; }

    /// <summary><c>due</c>, <c>later</c>, while a server works on it <c>working</c>, or, after faults of the server's own, <c>parked</c>: then it waits for the operator.</summary>
    public required string State { get; init; }

    /// <summary>Attempts so far.</summary>
    public int Attempts { get; init; }

    /// <summary>When the next attempt is due, Unix seconds; null for a parked one.</summary>
    public long? DueAt { get; init; }

    /// <summary>When it was sent, Unix seconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it is given up, Unix seconds.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>What the last attempt met.</summary>
    public string? LastError { get; init; }
}

/// <summary>A page of the outbox.</summary>
/// <param name="Entries">The entries, oldest first.</param>
/// <param name="HasMore">Whether there are more after the last.</param>
public sealed record QueuePage(IReadOnlyList<QueueEntry> Entries, bool HasMore);

/// <summary>Which entries to list; what is null does not matter.</summary>
public sealed record QueueQuery
{
    /// <summary>Only those for this destination.</summary>
    public string? Destination { get; init; }

    /// <summary>Only those in this state: <c>due</c>, <c>later</c>, <c>working</c>, <c>parked</c>.</summary>
    public string? State { get; init; }

    /// <summary>Only those after this id.</summary>
    public string? After { get; init; }

    /// <summary>How many at most, up to 500.</summary>
    public int? Limit { get; init; }
}

/// <summary>The outbox in numbers.</summary>
public sealed record QueueCounts
{
    /// <summary>Entries whose next attempt is due.</summary>
    public int Due { get; init; }

    /// <summary>Entries whose next attempt comes later.</summary>
    public int Later { get; init; }

    /// <summary>Entries that a server works on.</summary>
    public int Working { get; init; }

    /// <summary>Entries that wait for the operator, to be tried again or dropped.</summary>
    public int Parked { get; init; }

    /// <summary>When the oldest was sent, Unix seconds; null while nothing waits.</summary>
    public long? OldestAt { get; init; }

    /// <summary>The destinations with the most.</summary>
    public IReadOnlyList<QueueDestination> Destinations { get; init; } = [];
}

/// <summary>What waits for one destination.</summary>
/// <param name="Destination">Its name.</param>
/// <param name="Entries">How many wait.</param>
/// <param name="OldestAt">When the oldest was sent, Unix seconds.</param>
/// <param name="NextDueAt">When the next attempt is due, Unix seconds; null where all are parked.</param>
public sealed record QueueDestination(string Destination, int Entries, long OldestAt, long? NextDueAt);
