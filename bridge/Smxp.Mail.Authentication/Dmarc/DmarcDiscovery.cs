using Smxp.Mail.Authentication.Dns;
using Smxp.Mail.Authentication.PublicSuffix;

namespace Smxp.Mail.Authentication.Dmarc;

/// <summary>Finds the policy for a domain: its own record, otherwise its organisational domain's (RFC 7489 §6.6.3).</summary>
internal sealed class DmarcDiscovery(IMailDns dns, PublicSuffixList suffixes)
{
    public async Task<DmarcDiscovered> FindAsync(string domain, CancellationToken cancellationToken)
    {
        var own = await AtAsync(domain, cancellationToken).ConfigureAwait(false);
        string organization = suffixes.OrganizationalDomain(domain);
        return own is null && organization != domain ? await AtAsync(organization, cancellationToken).ConfigureAwait(false) ?? default : own ?? default;
    }

    // Null where there is no record at all, so that the search goes on; several records end it (§6.6.3 step 5).
    private async Task<DmarcDiscovered?> AtAsync(string domain, CancellationToken cancellationToken)
    {
        string name = $"_dmarc.{domain}";
        if (!DomainName.IsAskable(name)) return null;
        var answer = await dns.TextAsync(name, cancellationToken).ConfigureAwait(false);
        if (answer.Failed) return new DmarcDiscovered(null, domain, Failed: true);
        string[] records = [.. answer.Records.Where(DmarcRecord.IsVersion1)];
        return records.Length == 0 ? null : new DmarcDiscovered(records.Length == 1 ? DmarcRecord.TryParse(records[0]) : null, domain, Failed: false);
    }
}

/// <summary>A policy and where it was found; no record where there is none to follow.</summary>
internal readonly record struct DmarcDiscovered(DmarcRecord? Record, string? Domain, bool Failed);
