using Smxp.Mail.Authentication.Dmarc;
using Smxp.Mail.Authentication.Dns;

namespace Smxp.Mail.Authentication.Arc;

/// <summary>Lets a mail through that its author's domain vouched for until a forwarder whom we trust changed it (RFC 8617 §7.2.1): a list that adds its foot line, say.</summary>
internal sealed class TrustedSealers(IReadOnlyCollection<string> domains)
{
    /// <summary>The verdict, with no treatment where a trusted sealer saw the same author's domain pass. Trust reaches back over trusted hops only.</summary>
    public DmarcVerdict Override(DmarcVerdict dmarc, ArcVerdict arc)
    {
        if (dmarc.Result != DmarcResult.Fail || arc.Result != ArcResult.Pass) return dmarc;
        foreach (var instance in arc.Instances.TakeWhile(instance => domains.Any(domain => DomainName.Same(domain, instance.SealingDomain))))
        {
            bool passed = instance.Results?.Results.Any(result => result is { Method: "dmarc", Result: "pass" } && DomainName.Same(result["header.from"], dmarc.Domain)) == true;
            if (passed) return dmarc with { Disposition = DmarcPolicy.None, Override = $"{instance.SealingDomain} saw it pass and sealed it" };
        }

        return dmarc;
    }
}
