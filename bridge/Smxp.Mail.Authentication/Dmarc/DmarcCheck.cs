using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Dns;
using Smxp.Mail.Authentication.PublicSuffix;
using Smxp.Mail.Authentication.Spf;

namespace Smxp.Mail.Authentication.Dmarc;

/// <summary>Whether the domain that a reader sees vouches for a mail, by SPF or DKIM under a name aligned with it (RFC 7489 §3.1, §6.6), and what its owner asks for where it does not.</summary>
internal sealed class DmarcCheck(IMailDns dns, PublicSuffixList suffixes, Func<int, int> random)
{
    // Each may cost two look-ups at name servers of a stranger's choice; nobody writes with so many.
    private const int MaxDomains = 10;

    private readonly DmarcDiscovery _discovery = new(dns, suffixes);

    /// <summary>Checks the domains of every author. Where there are several the worst outcome counts: each may be the one that is shown (RFC 7489 §6.6.1). Where there are more than anybody has, nobody is vouched for.</summary>
    /// <param name="domains">The domain of each author address, as written.</param>
    /// <param name="fields">How many From fields the message has; only one is no trick.</param>
    /// <param name="spf">The outcome of SPF.</param>
    /// <param name="dkim">The outcome of DKIM.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<DmarcVerdict> RunAsync(IReadOnlyCollection<string> domains, int fields, SpfVerdict spf, IReadOnlyList<DkimVerdict> dkim, CancellationToken cancellationToken)
    {
        if (domains.Count == 0) return new DmarcVerdict(DmarcResult.PermError, "", null, null, DmarcPolicy.None, "the message has no author's domain");
        string[] distinct = [.. domains.Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxDomains + 1)];
        var worst = distinct.Length > MaxDomains ? new DmarcVerdict(DmarcResult.PermError, distinct[0], null, null, DmarcPolicy.None, $"more than {MaxDomains} authors' domains") : null;
        foreach (string domain in distinct.Take(MaxDomains))
        {
            var verdict = await OneAsync(domain, fields, spf, dkim, cancellationToken).ConfigureAwait(false);
            if (worst is null || Weight(verdict) > Weight(worst)) worst = verdict;
        }

        return worst!;
    }

    private async Task<DmarcVerdict> OneAsync(string text, int fields, SpfVerdict spf, IReadOnlyList<DkimVerdict> dkim, CancellationToken cancellationToken)
    {
        if (!DomainName.TryNormalize(text, out string? domain) || domain.StartsWith('['))
            return new DmarcVerdict(DmarcResult.PermError, text, null, null, DmarcPolicy.None, "the author's domain is no domain");

        var found = await _discovery.FindAsync(domain, cancellationToken).ConfigureAwait(false);
        if (found.Failed) return new DmarcVerdict(DmarcResult.TempError, domain, found.Domain, null, DmarcPolicy.None, $"no answer for the policy of {found.Domain}");
        if (found.Record is not { } record) return new DmarcVerdict(DmarcResult.None, domain, null, null, DmarcPolicy.None, $"{domain} publishes no policy");

        var policy = found.Domain == domain ? record.Policy : record.SubdomainPolicy;
        if (fields > 1) return Failed(domain, found.Domain!, record, policy, "the message has several From fields");
        if (spf.Result == SpfResult.Pass && Aligned(spf.Domain, domain, record.StrictSpf)) return Passed($"SPF passed for {spf.Domain}");
        if (dkim.FirstOrDefault(signature => signature.Vouches && Aligned(signature.Domain, domain, record.StrictDkim)) is { } signed) return Passed($"a signature of {signed.Domain} verified");

        // What could not be looked up might have passed: not yet a failure.
        if (spf.Result == SpfResult.TempError && Aligned(spf.Domain, domain, record.StrictSpf)) return Unknown("SPF had no answer");
        if (dkim.Any(signature => signature.Result == DkimResult.TempError && Aligned(signature.Domain, domain, record.StrictDkim))) return Unknown("a signature's key had no answer");
        return Failed(domain, found.Domain!, record, policy, $"neither SPF nor a signature vouches for {domain}");

        DmarcVerdict Passed(string reason) => new(DmarcResult.Pass, domain, found.Domain, policy, DmarcPolicy.None, reason);
        DmarcVerdict Unknown(string reason) => new(DmarcResult.TempError, domain, found.Domain, policy, DmarcPolicy.None, reason);
    }

    // RFC 7489 §6.6.4: mail outside the sample gets the next milder treatment.
    private DmarcVerdict Failed(string domain, string policyDomain, DmarcRecord record, DmarcPolicy policy, string reason)
    {
        bool sampled = policy == DmarcPolicy.None || record.Percent == 100 || random(100) < record.Percent;
        return new DmarcVerdict(DmarcResult.Fail, domain, policyDomain, policy, sampled ? policy : policy - 1, reason, sampled ? null : $"outside the {record.Percent} % that the policy is asked for");
    }

    private bool Aligned(string identifier, string author, bool strict) =>
        strict ? DomainName.Same(identifier, author) : identifier.Length > 0 && DomainName.Same(suffixes.OrganizationalDomain(identifier), suffixes.OrganizationalDomain(author));

    // The harder treatment first, then the worse result.
    private static int Weight(DmarcVerdict verdict) => ((int)verdict.Disposition * 10) + verdict.Result switch
    {
        DmarcResult.Pass => 0,
        DmarcResult.None => 1,
        DmarcResult.PermError => 2,
        DmarcResult.TempError => 3,
        _ => 4,
    };
}
