using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Smxp.Protocol;

namespace Smxp.Host.Auth;

/// <summary>
/// Tokens seen a moment ago, so that a busy client costs no database read per request. What this process revokes is forgotten at once;
/// what another node revokes within <see cref="Freshness"/>. Only tokens that exist are kept, so strangers cannot fill it.
/// </summary>
internal sealed class CallerCache(TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);
    private const int MaxKept = 20_000;

    private readonly ConcurrentDictionary<Key, Kept> _kept = new();
    private int _generation;

    /// <summary>Changes with every revocation: what was read before one must not be kept after it.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public Caller? Find(ReadOnlySpan<byte> hash) =>
        _kept.TryGetValue(Key.Of(hash), out var kept) && time.GetElapsedTime(kept.ReadAt) < Freshness ? kept.Caller : null;

    public void Keep(ReadOnlySpan<byte> hash, Caller caller, int generation)
    {
        if (_kept.Count >= MaxKept) _kept.Clear();
        var (key, kept) = (Key.Of(hash), new Kept(caller, time.GetTimestamp()));
        _kept[key] = kept;
        if (generation != Generation) _kept.TryRemove(KeyValuePair.Create(key, kept));
    }

    public void Forget(string tokenId) => ForgetWhere(caller => caller.Token.Id == tokenId);

    public void Forget(Address owner) => ForgetWhere(caller => caller.Address == owner);

    public void Clear()
    {
        Interlocked.Increment(ref _generation);
        _kept.Clear();
    }

    private void ForgetWhere(Func<Caller, bool> matches)
    {
        Interlocked.Increment(ref _generation);
        foreach (var entry in _kept)
        {
            if (matches(entry.Value.Caller)) _kept.TryRemove(entry);
        }
    }

    private sealed record Kept(Caller Caller, long ReadAt);

    /// <summary>A SHA-256 as a dictionary key without an allocation.</summary>
    private readonly record struct Key(ulong A, ulong B, ulong C, ulong D)
    {
        public static Key Of(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<Key>(hash);
    }
}
