using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Outbound.MtaSts;

/// <summary>
/// The policies of the domains mail goes to. What was fetched is kept for as long as it says, across restarts, and holds for that time even where DNS or the policy's server
/// falls silent: whoever can silence them gains nothing (RFC 8461 §3.3, §5.1). A new id in DNS fetches anew.
/// </summary>
internal sealed partial class StsPolicies(IDnsResolver dns, IStsPolicySource source, StsMemory memory, OutboundMetrics metrics, TimeProvider time, ILogger<StsPolicies> logger)
{
    // RFC 8461 §3.3: refreshed daily while it is used, long before it ends; after a failure no more than once in five minutes.
    private static readonly TimeSpan Refresh = TimeSpan.FromDays(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(5);
    private const int MostFailures = 10_000;

    private readonly ILogger _logger = logger;
    private readonly ConcurrentDictionary<string, (string Id, DateTimeOffset Until)> _failed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<KnownPolicy?>>> _running = new(StringComparer.Ordinal);

    /// <summary>The policy that holds for a domain now; null where there is none.</summary>
    public async ValueTask<StsPolicy?> FindAsync(string domain, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = await memory.GetAsync(domain, cancellationToken);
        if (known is not null && known.FetchedAt + known.Policy.MaxAge <= now) known = null;
        string? id = await DiscoverAsync(domain, cancellationToken);
        if (id is null || (known is not null && known.Id == id && now - known.FetchedAt < Refresh)) return known?.Policy;
        if (_failed.TryGetValue(domain, out var failure) && failure.Id == id && failure.Until > now) return known?.Policy;
        var running = _running.GetOrAdd(domain, _ => new Lazy<Task<KnownPolicy?>>(() => FetchAsync(domain, id)));
        return (await running.Value.WaitAsync(cancellationToken) ?? known)?.Policy;
    }

    private async ValueTask<string?> DiscoverAsync(string domain, CancellationToken cancellationToken)
    {
        var answer = await dns.ResolveAsync(new DnsQuestion($"_mta-sts.{domain}", DnsRecordType.Txt), cancellationToken);
        return answer is null ? null : StsRecord.FindId(answer.Records.OfType<TextData>().Select(static data => data.Text));
    }

    // Shared by all mails that wait for it, so it belongs to none of them.
    private async Task<KnownPolicy?> FetchAsync(string domain, string id)
    {
        await Task.Yield();
        try
        {
            var fetch = await source.FetchAsync(domain, CancellationToken.None);
            string? problem = fetch.Problem;
            if (fetch.Text is not null && StsPolicyReader.TryRead(fetch.Text, out var policy, out problem))
            {
                _failed.TryRemove(domain, out _);
                var fetched = new KnownPolicy(id, time.GetUtcNow(), policy);
                await memory.SetAsync(domain, fetched, fetch.Text, CancellationToken.None);
                return fetched;
            }

            metrics.TlsFailed(domain, "sts", fetch.Failure ?? "sts-policy-invalid");
            LogFailed(domain, problem ?? "");
            if (_failed.Count >= MostFailures) _failed.Clear();
            _failed[domain] = (id, time.GetUtcNow() + PauseAfterFailure);
            return null;
        }
        finally
        {
            _running.TryRemove(domain, out _);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The MTA-STS policy of {Domain} is announced but not to be had: {Problem}")]
    private partial void LogFailed(string domain, string problem);
}
