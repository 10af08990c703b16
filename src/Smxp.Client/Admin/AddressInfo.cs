namespace Smxp.Client.Admin;

/// <summary>An address, as its operator sees it: an inbox, or a set of routes.</summary>
public sealed record AddressInfo
{
    /// <summary><c>alias@domain</c>.</summary>
    public required string Address { get; init; }

    /// <summary>The domain.</summary>
    public required string Domain { get; init; }

    /// <summary>The part before the <c>@</c>.</summary>
    public required string Alias { get; init; }

    /// <summary><c>inbox</c> or <c>forward</c>.</summary>
    public string Mode { get; init; } = "inbox";

    /// <summary>Where to, for <c>forward</c>; null for an inbox.</summary>
    public IReadOnlyList<string>? ForwardTo { get; init; }

    /// <summary>When it was made, Unix seconds.</summary>
    public long CreatedAt { get; init; }
}

/// <summary>An address to make.</summary>
public sealed record NewAddress
{
    /// <summary>The domain.</summary>
    public required string Domain { get; init; }

    /// <summary>The part before the <c>@</c>.</summary>
    public required string Alias { get; init; }

    /// <summary>The password, 8 characters or more; null for an inbox nobody can sign in to yet.</summary>
    public string? Password { get; init; }

    /// <summary><c>inbox</c> (what null means) or <c>forward</c>.</summary>
    public string? Mode { get; init; }

    /// <summary>Where to, for <c>forward</c>.</summary>
    public IReadOnlyList<string>? ForwardTo { get; init; }
}
