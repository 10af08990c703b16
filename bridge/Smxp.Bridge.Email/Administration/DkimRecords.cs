using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Mail.Authentication.Dkim;

namespace Smxp.Bridge.Email.Administration;

/// <summary>The keys that a domain's mail is signed with, was until lately, or will be: all of them are to be found in DNS.</summary>
internal sealed class DkimRecords(SigningKeys keys) : IDomainRecords
{
    public async ValueTask<IReadOnlyList<WantedRecord>> ForAsync(string domain, CancellationToken cancellationToken)
    {
        var generations = await keys.ListAsync(domain, cancellationToken) ?? [];
        var signing = generations.Count > 0 ? await keys.FindAsync(domain, cancellationToken) : null;
        // Those after it wait for their records.
        int newest = generations.Select(static generation => generation.Name).ToList().IndexOf(signing?.Name ?? "");
        return [.. generations.SelectMany((generation, i) => generation.Keys.Select(key => Record(domain, key, i > newest ? "dkim-next" : "dkim")))];
    }

    private static WantedRecord Record(string domain, DkimSigningKey key, string purpose) => new(SigningKeys.RecordName(domain, key), "TXT", key.Key.DnsRecord, purpose);
}
