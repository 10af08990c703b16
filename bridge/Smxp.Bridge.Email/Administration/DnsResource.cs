using Smxp.Plugins.Bridge;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Administration;

/// <summary><c>GET dns/{domain}</c>, for the administrator: the DNS records a domain needs for its mail. The <c>doctor</c> compares them with what is there.</summary>
internal sealed class DnsResource(IReadOnlyList<IDomainRecords> providers) : IResource
{
    public async ValueTask<BridgeAnswer?> TryAnswerAsync(BridgeCall call, CancellationToken cancellationToken)
    {
        if (!call.IsAdmin || call.Method != "GET" || call.Segments is not ["dns", var name]) return null;
        if (!DomainName.TryNormalize(name, out string? domain)) return BridgeAnswer.Invalid("invalid domain");
        var records = new List<WantedRecord>();
        foreach (var provider in providers) records.AddRange(await provider.ForAsync(domain, cancellationToken));
        return BridgeAnswer.Found(new { Records = records });
    }
}
