using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Host.Federation;

/// <summary>What other domains say that they accept: the TXT record at <c>_smxp-policy.&lt;domain&gt;</c> (SMXP §7). Where it cannot be had, the defaults hold.</summary>
internal sealed class PeerPolicies(IDnsResolver dns)
{
    public async ValueTask<PolicyRecord> FindAsync(string domain, CancellationToken cancellationToken)
    {
        DnsAnswer? answer = await dns.ResolveAsync(new DnsQuestion(PolicyRecord.NameFor(domain), DnsRecordType.Txt), cancellationToken);
        foreach (TextData text in answer?.Records.OfType<TextData>() ?? [])
        {
            if (PolicyRecord.TryParse(text.Text, out PolicyRecord? policy)) return policy;
        }
        return PolicyRecord.Default;
    }
}
