using System.Text.Json.Serialization;
using Smxp.Host.Configuration;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Domains;

/// <summary>A domain as the admin API answers it, with the DNS records to publish (SMXP §7, §8).</summary>
internal sealed record DomainView(string Domain, long CreatedAt, DomainDns Dns)
{
    public static DomainView Of(DomainRecord domain, SmxpOptions options, TimeProvider time)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        // Those that sign and those that will.
        var keys = domain.Keys.Where(key => !key.IsOver(now)).Select(key => DnsRecordView.ForKey(domain.Name, key, now)).ToArray();
        string? signer = domain.Keys.SignerAt(options.Signatures.Default, now)?.KeyId;
        int first = Math.Max(0, Array.FindIndex(keys, key => key.KeyId == signer));
        return new DomainView(domain.Name, domain.CreatedAt, new DomainDns(keys.ElementAtOrDefault(first), DnsRecordView.ForService(domain.Name, options), keys));
    }
}

/// <summary>The records a domain publishes.</summary>
/// <param name="Key">The key record of the default algorithm, which is all the reference knows of.</param>
/// <param name="Service">Where the domain's server is.</param>
/// <param name="Keys">Ours: the key records of every algorithm in use, those of keys that will sign later included; publish them all.</param>
internal sealed record DomainDns(DnsRecordView? Key, DnsRecordView Service, IReadOnlyList<DnsRecordView> Keys);

/// <summary>A DNS record to publish.</summary>
internal sealed record DnsRecordView(string Name, string Type, string Value)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Fingerprint { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Algorithm { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? KeyId { get; init; }

    /// <summary>Ours: when the key will begin to sign (Unix seconds); left out where it does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public long? SignsFrom { get; init; }

    public static DnsRecordView ForKey(string domain, DomainKey key, long now)
    {
        string fingerprint = Protocol.Fingerprint.Of(key.PublicKey);
        return new DnsRecordView(KeyRecord.NameFor(domain), "TXT", new KeyRecord(key.Algorithm, key.KeyId, fingerprint).ToString())
        {
            Fingerprint = fingerprint,
            Algorithm = key.Algorithm,
            KeyId = key.KeyId,
            SignsFrom = key.CreatedAt > now ? key.CreatedAt : null,
        };
    }

    public static DnsRecordView ForService(string domain, SmxpOptions options)
    {
        var binding = new ServiceBinding { Priority = 1, TargetName = options.PublicHost, Alpn = ["h2"], Port = (ushort)options.PublicPort };
        return new DnsRecordView(ServiceBinding.NameFor(domain), "SVCB", binding.ToString());
    }
}
