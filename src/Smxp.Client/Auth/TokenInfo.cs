namespace Smxp.Client.Auth;

/// <summary>What is known of a session or an API key; never the token itself.</summary>
public sealed record TokenInfo
{
    /// <summary>Its public id.</summary>
    public required string Id { get; init; }

    /// <summary><c>session</c> or <c>apikey</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>What its owner calls it.</summary>
    public string? Name { get; init; }

    /// <summary>When it ends, Unix seconds; null for never.</summary>
    public long? ExpiresAt { get; init; }

    /// <summary>When it was made, Unix seconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it was last used, Unix seconds; null for never.</summary>
    public long? LastUsed { get; init; }

    /// <summary>Whether it is the one that asked.</summary>
    public bool Current { get; init; }
}
