using System.Collections.Concurrent;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Domains;

/// <inheritdoc/>
/// <remarks>A domain's keys are read again when they are older than <see cref="Freshness"/>; keys that have not changed stay open.</remarks>
internal sealed class KeyRing : IKeyRing
{
    /// <summary>How long another node's change may go unnoticed, and a key whose time has come not sign yet.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    /// <summary>Strangers choose the names asked about, so what is kept is bounded.</summary>
    private const int MaxKept = 10_000;

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly IStateStore _state;
    private readonly ISignatureAlgorithms _algorithms;
    private readonly TimeProvider _time;
    private int _generation;

    public KeyRing(IStateStore state, ISignatureAlgorithms algorithms, IDirectoryChanges changes, TimeProvider time)
    {
        (_state, _algorithms, _time) = (state, algorithms, time);
        changes.Changed += Invalidate;
    }

    public async ValueTask<bool> IsLocalAsync(string domain, CancellationToken cancellationToken) =>
        await FindAsync(domain, cancellationToken) is not null;

    public async ValueTask<SigningKey?> FindSignerAsync(string domain, string algorithm, CancellationToken cancellationToken) =>
        (await FindAsync(domain, cancellationToken))?.Signer(algorithm);

    public async ValueTask<PublicKey?> FindPublicAsync(string domain, string keyId, CancellationToken cancellationToken) =>
        (await FindAsync(domain, cancellationToken))?.Public(keyId);

    public void Invalidate(string domain)
    {
        Interlocked.Increment(ref _generation);
        _kept.TryRemove(domain, out _);
    }

    private ValueTask<OpenedKeys?> FindAsync(string domain, CancellationToken cancellationToken) =>
        _kept.TryGetValue(domain, out var kept) && _time.GetElapsedTime(kept.ReadAt) < Freshness
            ? new(kept.Keys)
            : new(ReadAsync(domain, kept?.Keys, cancellationToken));

    private async Task<OpenedKeys?> ReadAsync(string domain, OpenedKeys? known, CancellationToken cancellationToken)
    {
        int generation = Volatile.Read(ref _generation);
        var record = await _state.Domains.FindAsync(domain, cancellationToken);
        var keys = record is null ? null : OpenedKeys.Open(record.Keys, _algorithms, known, _time.GetUtcNow().ToUnixTimeSeconds());

        if (_kept.Count >= MaxKept) _kept.Clear();
        var kept = new Kept(keys, _time.GetTimestamp());
        _kept[domain] = kept;
        // A change made while we were reading may be missing from what we read: hand it out, but do not keep it.
        if (generation != Volatile.Read(ref _generation)) _kept.TryRemove(KeyValuePair.Create(domain, kept));
        return keys;
    }

    private sealed record Kept(OpenedKeys? Keys, long ReadAt);
}
