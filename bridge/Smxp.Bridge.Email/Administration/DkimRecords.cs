using Smxp.Bridge.Email.Outbound.Dkim;

namespace Smxp.Bridge.Email.Administration;

/// <summary>The keys that a domain's mail is signed with, was until lately, or will be: all of them are to be found in DNS.</summary>
internal sealed class DkimRecords(SigningKeys keys) : IDomainRecords
{
    public async ValueTask<IReadOnlyList<WantedRecord>> ForAsync(string domain, CancellationToken cancellationToken)
    {
        var generations = await keys.ListAsync(domain, cancellationToken) ?? [];
        return [.. generations.SelectMany(static generation => generation.Keys).Select(key => new WantedRecord(SigningKeys.RecordName(domain, key), "TXT", key.Key.DnsRecord, "dkim"))];
    }
}
