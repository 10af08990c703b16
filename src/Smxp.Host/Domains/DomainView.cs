using System.Text.Json.Serialization;
using Smxp.Host.Configuration;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Domains;

/// <summary>A domain as the admin API answers it, with the DNS records to publish (SMXP §7, §8).</summary>
internal sealed record DomainView(string Domain, long CreatedAt, DomainDns Dns)
{
    public static DomainView Of(DomainRecord domain, SmxpOptions options)
    {
        var keys = domain.Keys.Where(key => key.RetiredAt is null).Select(key => DnsRecordView.ForKey(domain.Name, key)).ToArray();
        int first = Math.Max(0, Array.FindIndex(keys, key => key.Algorithm == options.Signatures.Default));
        return new DomainView(domain.Name, domain.CreatedAt, new DomainDns(keys.ElementAtOrDefault(first), DnsRecordView.ForService(domain.Name, options), keys));
    }
}

/// <summary>The records a domain publishes.</summary>
/// <param name="Key">The key record of the default algorithm, which is all the reference knows of.</param>
/// <param name="Service">Where the domain's server is.</param>
/// <param name="Keys">Ours: the key records of every algorithm in use; publish them all.</param>
internal sealed record DomainDns(DnsRecordView? Key, DnsRecordView Service, IReadOnlyList<DnsRecordView> Keys);

/// <summary>A DNS record to publish.</summary>
internal sealed record DnsRecordView(string Name, string Type, string Value)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Fingerprint { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Algorithm { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? KeyId { get; init; }

    public static DnsRecordView ForKey(string domain, DomainKey key)
    {
        string fingerprint = Protocol.Fingerprint.Of(key.PublicKey);
        return new DnsRecordView(KeyRecord.NameFor(domain), "TXT", new KeyRecord(key.Algorithm, key.KeyId, fingerprint).ToString())
        {
            Fingerprint = fingerprint,
            Algorithm = key.Algorithm,
            KeyId = key.KeyId,
        };
    }

    public static DnsRecordView ForService(string domain, SmxpOptions options)
    {
        var binding = new ServiceBinding { Priority = 1, TargetName = options.PublicHost, Alpn = ["h2"], Port = (ushort)options.PublicPort };
        return new DnsRecordView(ServiceBinding.NameFor(domain), "SVCB", binding.ToString());
    }
}
