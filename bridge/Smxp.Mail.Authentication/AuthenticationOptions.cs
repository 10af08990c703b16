namespace Smxp.Mail.Authentication;

/// <summary>What a server decides for itself.</summary>
public sealed record AuthenticationOptions
{
    /// <summary>The name under which results are told (RFC 8601 §2.5); also the receiver's name in SPF explanations.</summary>
    public required string AuthservId { get; init; }

    /// <summary>How long all DNS look-ups of one mail may take together; what has no answer then is a temporary error.</summary>
    public TimeSpan DnsTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How many DKIM signatures of a mail are looked at.</summary>
    public int MaxSignatures { get; init; } = 10;

    /// <summary>Domains whose ARC seals are believed: a mail that they found good before they changed it is not treated by the author's policy.</summary>
    public IReadOnlyCollection<string> TrustedSealers { get; init; } = [];
}
