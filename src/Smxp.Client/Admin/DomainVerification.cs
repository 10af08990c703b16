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

    /// <summary>What was found of the service.</summary>
    public FoundService? Service { get; init; }
}

/// <summary>The service record of a domain, or why there is none.</summary>
public sealed record FoundService
{
    /// <summary>The host it names.</summary>
    public string? Host { get; init; }

    /// <summary>The port it names.</summary>
    public int? Port { get; init; }

    /// <summary>The record's text.</summary>
    public string? Record { get; init; }

    /// <summary>Why none was found.</summary>
    public string? Error { get; init; }
}
