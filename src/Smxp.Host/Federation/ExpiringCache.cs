using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Smxp.Host.Federation;

/// <summary>A bounded cache of things that expire. Several who miss the same key at once share one load, which none of them can cancel for the others.</summary>
internal sealed class ExpiringCache<TKey, TValue>(int capacity, TimeProvider time) where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = new();
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TValue>>> _loads = new();

    public int Count => _entries.Count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_entries.TryGetValue(key, out Entry? entry) && entry.ExpiresAt > time.GetTimestamp())
        {
            value = entry.Value;
            return true;
        }
        value = default;
        return false;
    }

    public void Set(TKey key, TValue value, TimeSpan timeToLive)
    {
        if (timeToLive <= TimeSpan.Zero) return;
        if (_entries.Count >= capacity) Trim();
        _entries[key] = new Entry(value, time.GetTimestamp() + (long)(timeToLive.TotalSeconds * time.TimestampFrequency));
    }

    public void Remove(TKey key) => _entries.TryRemove(key, out _);

    /// <summary>The cached value, or what <paramref name="load"/> answers with how long it may be kept. The load bounds its own time.</summary>
    public async ValueTask<TValue> GetAsync(TKey key, Func<TKey, Task<(TValue Value, TimeSpan TimeToLive)>> load, CancellationToken cancellationToken)
    {
        if (TryGet(key, out TValue? cached)) return cached;
        Lazy<Task<TValue>> shared = _loads.GetOrAdd(key, k => new Lazy<Task<TValue>>(() => LoadAsync(k, load)));
        return await shared.Value.WaitAsync(cancellationToken);
    }

    private async Task<TValue> LoadAsync(TKey key, Func<TKey, Task<(TValue Value, TimeSpan TimeToLive)>> load)
    {
        await Task.Yield();
        try
        {
            (TValue value, TimeSpan timeToLive) = await load(key);
            Set(key, value, timeToLive);
            return value;
        }
        finally
        {
            _loads.TryRemove(key, out _);
        }
    }

    // What expires soonest goes first, an eighth at a time, so that a flood of keys costs little each.
    private void Trim()
    {
        foreach (KeyValuePair<TKey, Entry> old in _entries.OrderBy(entry => entry.Value.ExpiresAt).Take(Math.Max(1, capacity / 8)))
            _entries.TryRemove(old);
    }

    private sealed record Entry(TValue Value, long ExpiresAt);
}
