namespace Smxp.Host.Federation;

/// <summary>How often a domain may be asked for keys: strangers choose the domain and the key id, so without a bound this server would be their amplifier.</summary>
internal sealed class FetchBudget(TimeProvider time)
{
    private const int MostDomains = 10_000;
    private const int Fetches = 20;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ExpiringCache<string, Counter> _counters = new(MostDomains, time);

    public bool TryTake(string domain)
    {
        if (!_counters.TryGet(domain, out Counter? counter)) _counters.Set(domain, counter = new Counter(), Window);
        return Interlocked.Increment(ref counter.Taken) <= Fetches;
    }

    private sealed class Counter
    {
        public int Taken;
    }
}
