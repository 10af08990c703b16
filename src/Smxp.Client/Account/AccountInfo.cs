namespace Smxp.Client.Account;

/// <summary>An account.</summary>
public sealed record AccountInfo
{
    /// <summary><c>alias@domain</c>.</summary>
    public required string Address { get; init; }

    /// <summary>The part before the <c>@</c>.</summary>
    public required string Alias { get; init; }

    /// <summary>The domain.</summary>
    public required string Domain { get; init; }

    /// <summary><c>inbox</c>.</summary>
    public string Mode { get; init; } = "inbox";

    /// <summary>When it was made, Unix seconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>The domain's public key with the default algorithm, base64url.</summary>
    public string? PublicKey { get; init; }

    /// <summary>That key's id.</summary>
    public string? KeyId { get; init; }

    /// <summary>That key's algorithm.</summary>
    public string? Algorithm { get; init; }
}
