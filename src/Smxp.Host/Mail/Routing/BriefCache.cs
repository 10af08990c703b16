using System.Collections.Concurrent;

namespace Smxp.Host.Mail.Routing;

/// <summary>Remembers answers for a moment, so that a busy mailbox costs no look-up per message. Bounded; what is forgotten while it is being looked up is not remembered.</summary>
internal sealed class BriefCache<TKey, TValue>(TimeSpan lifetime, int capacity, TimeProvider time)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, (TValue Value, long Since)> _known = new();
    private int _generation;

    public ValueTask<TValue> GetAsync(TKey key, Func<TKey, CancellationToken, Task<TValue>> lookUp, CancellationToken cancellationToken) =>
        _known.TryGetValue(key, out (TValue Value, long Since) known) && time.GetElapsedTime(known.Since) < lifetime
            ? ValueTask.FromResult(known.Value)
            : LookUpAsync(key, lookUp, cancellationToken);

    public void Clear()
    {
        Interlocked.Increment(ref _generation);
        _known.Clear();
    }

    private async ValueTask<TValue> LookUpAsync(TKey key, Func<TKey, CancellationToken, Task<TValue>> lookUp, CancellationToken cancellationToken)
    {
        int generation = Volatile.Read(ref _generation);
        long since = time.GetTimestamp();
        TValue value = await lookUp(key, cancellationToken);
        // Strangers choose the keys: when they fill it, it starts afresh.
        if (_known.Count >= capacity) _known.Clear();
        if (generation == Volatile.Read(ref _generation)) _known[key] = (value, since);
        return value;
    }
}
