using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>What mail out counts, on the server's own meter. Of TLS failures these counters are all there is: no report is sent to anybody (RFC 8460).</summary>
internal sealed class OutboundMetrics
{
    // Strangers choose domains; a counter must not remember them all.
    private const int MostDomains = 500;
    private const string TheRest = "other";

    private readonly ConcurrentDictionary<string, bool> _domains = new(StringComparer.Ordinal);
    private readonly Counter<long> _tlsFailures;
    private readonly Counter<long> _connections;
    private readonly Counter<long> _reused;

    public OutboundMetrics(IMeterFactory factory)
    {
        var meter = factory.Create("Smxp");
        _tlsFailures = meter.CreateCounter<long>("smxp.mail.tls.failures", "{failure}", "Failures of TLS towards domains with a policy (RFC 8460 result types)");
        _connections = meter.CreateCounter<long>("smxp.mail.connections", "{connection}", "Connections opened to mail servers");
        _reused = meter.CreateCounter<long>("smxp.mail.connections.reused", "{mail}", "Mails that went over a connection that was open already");
    }

    /// <summary>TLS, or a policy about it, failed.</summary>
    /// <param name="domain">The policy's domain.</param>
    /// <param name="policy"><c>sts</c>, <c>dane</c> or <c>requiretls</c>.</param>
    /// <param name="failure">A result type of RFC 8460 §4.3.</param>
    public void TlsFailed(string domain, string policy, string failure)
    {
        if (!_domains.ContainsKey(domain) && (_domains.Count >= MostDomains || !_domains.TryAdd(domain, true))) domain = _domains.ContainsKey(domain) ? domain : TheRest;
        _tlsFailures.Add(1, new("domain", domain), new("policy", policy), new("failure", failure));
    }

    public void Connected() => _connections.Add(1);

    public void Reused() => _reused.Add(1);
}
