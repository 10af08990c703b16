using System.Text.Json.Serialization;
using Smxp.Host.Configuration;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Domains;

/// <summary>Compares what DNS says of a domain with what it should say (SMXP §7).</summary>
internal sealed class DomainVerification(IDnsResolver dns, SmxpOptions options, TimeProvider time)
{
    public async Task<VerificationView> VerifyAsync(DomainRecord domain, CancellationToken cancellationToken)
    {
        var key = domain.Keys.SignerAt(options.Signatures.Default, time.GetUtcNow().ToUnixTimeSeconds());
        string? expected = key is null ? null : Fingerprint.Of(key.PublicKey);

        var published = await FindKeysAsync(domain.Name, cancellationToken);
        // SMXP §7: several key records may stand beside each other; the one with our key id counts.
        var actual = published.FirstOrDefault(record => record.KeyId == key?.KeyId)
            ?? published.FirstOrDefault(record => record.Algorithm == options.Signatures.Default);

        bool verified = expected is not null && actual?.KeyId == key!.KeyId && actual.Fingerprint == expected;
        return new VerificationView(domain.Name, verified, expected, actual?.Fingerprint, await FindServiceAsync(domain.Name, cancellationToken));
    }

    private async Task<IReadOnlyList<KeyRecord>> FindKeysAsync(string domain, CancellationToken cancellationToken)
    {
        var answer = await dns.ResolveAsync(new DnsQuestion(KeyRecord.NameFor(domain), DnsRecordType.Txt), cancellationToken);
        return [.. (answer?.Records ?? []).OfType<TextData>().Select(text => KeyRecord.TryParse(text.Text, out var record) ? record : null).OfType<KeyRecord>()];
    }

    private async Task<ServiceView> FindServiceAsync(string domain, CancellationToken cancellationToken)
    {
        var answer = await dns.ResolveAsync(new DnsQuestion(ServiceBinding.NameFor(domain), DnsRecordType.Svcb), cancellationToken);
        foreach (var record in answer?.Records ?? [])
        {
            if (record is PinnedEndpointData pinned) return new ServiceView { Host = pinned.Endpoint.Host, Port = pinned.Endpoint.Port, Pinned = true };
        }

        var binding = (answer?.Records ?? []).OfType<ServiceData>().Select(data => data.Binding).OrderBy(candidate => candidate.Priority).FirstOrDefault();
        if (binding is not null) return new ServiceView { Host = binding.TargetName, Port = binding.Port ?? 443, Alpn = binding.Alpn, Record = binding.ToString() };

        return new ServiceView
        {
            Error = answer?.Status switch
            {
                null or DnsStatus.NoName or DnsStatus.NoData => $"no SVCB record at {ServiceBinding.NameFor(domain)}",
                _ => answer.Error ?? "the look-up failed",
            },
        };
    }
}

/// <summary>What the admin API answers (SMXP §8): 200 where verified, otherwise 409.</summary>
internal sealed record VerificationView(string Domain, bool Verified, string? ExpectedFingerprint, string? ActualFingerprint, ServiceView Service);

/// <summary>The service record found, or why there is none.</summary>
internal sealed record ServiceView
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Host { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Port { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<string>? Alpn { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Record { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? Pinned { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Error { get; init; }
}
