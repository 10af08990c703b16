using System.Text.Json;

namespace Smxp.Client.Admin;

/// <summary>What DNS says of a domain, and what it should say.</summary>
public sealed record DomainVerification
{
    /// <summary>The domain.</summary>
    public required string Domain { get; init; }

    /// <summary>Whether both agree.</summary>
    public bool Verified { get; init; }

    /// <summary>The fingerprint of the domain's key.</summary>
    public string? ExpectedFingerprint { get; init; }

    /// <summary>The fingerprint that DNS gives; null where there is no key record.</summary>
    public string? ActualFingerprint { get; init; }

    /// <summary>What was found of the service, as the server words it.</summary>
    public JsonElement? Service { get; init; }
}
