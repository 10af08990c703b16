using System.Text.Json.Serialization;

namespace Smxp.Client.Admin;

/// <summary>A domain the server serves.</summary>
/// <param name="Domain">Its name.</param>
/// <param name="Dns">The records to publish.</param>
/// <param name="CreatedAt">When it was added, Unix seconds.</param>
public sealed record DomainInfo(string Domain, DomainDns Dns, long CreatedAt = 0);

/// <summary>The DNS records of a domain (SMXP §7).</summary>
/// <param name="Key">The key of the default algorithm.</param>
/// <param name="Service">Where the server is.</param>
/// <param name="Keys">The key records of every algorithm in use, to be published beside each other; null from servers that have one.</param>
public sealed record DomainDns(DnsRecord? Key, DnsRecord Service, IReadOnlyList<DnsRecord>? Keys = null)
{
    /// <summary>All there is to publish.</summary>
    [JsonIgnore]
    public IEnumerable<DnsRecord> All => [.. Keys ?? (Key is null ? [] : [Key]), Service];
}

/// <summary>A DNS record to publish.</summary>
/// <param name="Name">The owner name.</param>
/// <param name="Type"><c>TXT</c> or <c>SVCB</c>.</param>
/// <param name="Value">The record's text.</param>
/// <param name="Fingerprint">For a key, base64url of SHA-256 over it.</param>
/// <param name="Algorithm">For a key, its algorithm.</param>
/// <param name="KeyId">For a key, its id.</param>
/// <param name="SignsFrom">For a key that does not sign yet, when it will, Unix seconds.</param>
public sealed record DnsRecord(string Name, string Type, string Value, string? Fingerprint = null, string? Algorithm = null, string? KeyId = null, long? SignsFrom = null);
