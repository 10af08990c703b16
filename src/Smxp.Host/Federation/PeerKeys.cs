using Smxp.Host.Configuration;
using Smxp.Host.Domains;
using Smxp.Plugins.Signatures;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Federation;

/// <summary>The public keys of other domains, ready to verify with: from memory, else from the state store, else from the domain's server (SMXP §5).</summary>
/// <remarks>A key that nobody here has seen costs one look-up for all who ask at once, and a failure is remembered for a while.</remarks>
internal sealed class PeerKeys(IStateStore state, IKeyRing local, ISignatureAlgorithms algorithms, KeyFetcher fetcher, SmxpOptions options, TimeProvider time)
{
    private const int MostKeys = 2_000;
    private const int MostFailures = 10_000;
    private const int LongestKeyId = 128;
    private static readonly TimeSpan FetchTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RefusedTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TemporaryTime = TimeSpan.FromSeconds(3);

    private readonly ExpiringCache<(string Domain, string KeyId), IVerifier> _keys = new(MostKeys, time);
    private readonly ExpiringCache<(string Domain, string KeyId), PeerKeyAnswer> _failures = new(MostFailures, time);

    public async ValueTask<PeerKeyAnswer> FindAsync(string domain, string keyId, CancellationToken cancellationToken)
    {
        if (_keys.TryGet((domain, keyId), out IVerifier? verifier)) return new PeerKeyAnswer(verifier);
        if (keyId.Length is 0 or > LongestKeyId) return PeerKeyAnswer.Refused("the key id is not one");
        if (await local.IsLocalAsync(domain, cancellationToken))
        {
            PublicKey? own = await local.FindPublicAsync(domain, keyId, cancellationToken);
            return own is null ? PeerKeyAnswer.Refused($"{domain} has no key {keyId}") : new PeerKeyAnswer(own.Verifier);
        }
        return await _failures.GetAsync((domain, keyId), LoadAsync, cancellationToken);
    }

    private async Task<(PeerKeyAnswer Value, TimeSpan TimeToLive)> LoadAsync((string Domain, string KeyId) key)
    {
        using var limit = new CancellationTokenSource(FetchTime, time);
        try
        {
            PeerKeyAnswer answer = await LoadAsync(key.Domain, key.KeyId, limit.Token);
            // What was found lives in the other cache, for as long as the key may.
            return (answer, answer.Verifier is not null ? TimeSpan.Zero : answer.IsTemporary ? TemporaryTime : RefusedTime);
        }
        catch (OperationCanceledException)
        {
            return (PeerKeyAnswer.Temporary($"the key of {key.Domain} could not be fetched in time"), TemporaryTime);
        }
    }

    private async Task<PeerKeyAnswer> LoadAsync(string domain, string keyId, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        PeerKey? key = await state.Peers.FindKeyAsync(domain, keyId, cancellationToken);
        if (key is null || key.ExpiresAt <= now)
        {
            FetchedKey fetched = await fetcher.FetchAsync(domain, keyId, cancellationToken);
            if (fetched.Failure is not null) return fetched.Failure;
            long lives = Math.Clamp(fetched.TimeToLive ?? options.Federation.KeyCacheSeconds, 1, options.Federation.KeyCacheSeconds);
            key = new PeerKey(domain, keyId, fetched.Algorithm, fetched.Bytes, now + lives);
            if (Open(key) is null) return PeerKeyAnswer.Refused($"the key {keyId} of {domain} is not a key of {key.Algorithm}, or {key.Algorithm} is not known here");
            await state.Peers.PutKeyAsync(key, cancellationToken);
        }
        if (Open(key) is not { } verifier) return PeerKeyAnswer.Refused($"the algorithm {key.Algorithm} is not known here");
        _keys.Set((domain, keyId), verifier, TimeSpan.FromSeconds(key.ExpiresAt - now));
        return new PeerKeyAnswer(verifier);
    }

    private IVerifier? Open(PeerKey key) => algorithms.TryGet(key.Algorithm, out ISignatureAlgorithm? algorithm) ? algorithm.OpenPublicKey(key.PublicKey) : null;
}

/// <summary>A key, or why there is none: for good, or for now.</summary>
internal sealed record PeerKeyAnswer(IVerifier? Verifier, string? Problem = null, bool IsTemporary = false)
{
    public static PeerKeyAnswer Refused(string problem) => new(null, problem);

    public static PeerKeyAnswer Temporary(string problem) => new(null, problem, true);
}
