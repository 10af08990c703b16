namespace Smxp.Client.Admin;

/// <summary>A domain the server serves.</summary>
/// <param name="Domain">Its name.</param>
/// <param name="Dns">The records to publish.</param>
public sealed record DomainInfo(string Domain, DomainDns? Dns = null);

/// <summary>The DNS records of a domain (SMXP §7).</summary>
/// <param name="Key">The key of the default algorithm.</param>
/// <param name="Service">Where the server is.</param>
public sealed record DomainDns(DnsRecord Key, DnsRecord Service)
{
    /// <summary>The key records of every algorithm; null where the server names the default one only.</summary>
    public IReadOnlyList<DnsRecord>? Keys { get; init; }
}

/// <summary>A DNS record to publish.</summary>
/// <param name="Name">The owner name.</param>
/// <param name="Type"><c>TXT</c> or <c>SVCB</c>.</param>
/// <param name="Value">The record's text.</param>
/// <param name="Fingerprint">For a key, base64url of SHA-256 over it.</param>
public sealed record DnsRecord(string Name, string Type, string Value, string? Fingerprint = null);
