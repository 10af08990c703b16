namespace Smxp.Client.Delegations;

/// <summary>A delegation.</summary>
public sealed record DelegationInfo
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The owner's domain.</summary>
    public required string Domain { get; init; }

    /// <summary>The owner's local part.</summary>
    public required string Alias { get; init; }

    /// <summary>Who may act.</summary>
    public required string Delegate { get; init; }

    /// <summary><c>send</c>, <c>read</c> or <c>manage</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>Until when, Unix seconds; null for as long as it stands.</summary>
    public long? ExpiresAt { get; init; }
}

/// <summary>What a delegate may do.</summary>
public enum DelegationScope
{
    /// <summary>Send in the owner's name.</summary>
    Send,

    /// <summary>Read the owner's mailbox.</summary>
    Read,

    /// <summary>Both, and edit, delete and mark.</summary>
    Manage,
}
