using System.Buffers.Text;
using System.Security.Cryptography;
using Smxp.Host.Configuration;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Domains;

/// <summary>
/// The domains served here. A domain has one active key for each algorithm this server signs with; a key that was replaced stays, so that
/// mail in flight can still be verified (SMXP §5). Every change is told to the caches of this process.
/// </summary>
internal sealed class DomainService(IStateStore state, ISignatureAlgorithms algorithms, SmxpOptions options, IDirectoryChanges changes, TimeProvider time)
{
    private const int KeyIdBytes = 16; // SMXP §5: key_id is base64url of 16 random bytes.

    /// <summary>The algorithms every domain needs a key of.</summary>
    private IEnumerable<string> Needed => new[] { options.Signatures.Default, options.Signatures.Local }.Distinct(StringComparer.Ordinal);

    public Task<IReadOnlyList<DomainRecord>> ListAsync(CancellationToken cancellationToken) => state.Domains.ListAsync(cancellationToken);

    public Task<DomainRecord?> FindAsync(string domain, CancellationToken cancellationToken) => state.Domains.FindAsync(domain, cancellationToken);

    /// <summary>Adds a domain with fresh keys; null where it exists.</summary>
    public async Task<DomainRecord?> AddAsync(string domain, CancellationToken cancellationToken)
    {
        var record = new DomainRecord(domain, Now, [.. Needed.Select(NewKey)]);
        if (!await state.Domains.AddAsync(record, cancellationToken)) return null;
        changes.Notify(domain);
        return record;
    }

    /// <summary>Removes a domain with all it holds but its messages; false where it is not served here.</summary>
    public async Task<bool> RemoveAsync(string domain, CancellationToken cancellationToken)
    {
        bool removed = await state.Domains.RemoveAsync(domain, cancellationToken);
        if (removed) changes.Notify(domain);
        return removed;
    }

    /// <summary>
    /// Gives a domain a new key for one algorithm, or for each it signs with, which takes over after a delay: the time to publish its record, since whoever does not find
    /// that refuses what the key signed. Null where the domain is not served here.
    /// </summary>
    public async Task<DomainRecord?> RotateAsync(string domain, string? algorithm, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (await state.Domains.FindAsync(domain, cancellationToken) is null) return null;
        await ReplaceKeysAsync(domain, algorithm is null ? Needed : [algorithm], delay, cancellationToken);
        return await state.Domains.FindAsync(domain, cancellationToken);
    }

    /// <summary>Makes the keys that are missing because configuration names another algorithm than when the domain was added.</summary>
    public async Task AddMissingKeysAsync(CancellationToken cancellationToken)
    {
        foreach (var domain in await state.Domains.ListAsync(cancellationToken))
        {
            var active = domain.Keys.Where(key => key.RetiredAt is null).Select(key => key.Algorithm);
            await ReplaceKeysAsync(domain.Name, Needed.Except(active, StringComparer.Ordinal), TimeSpan.Zero, cancellationToken);
        }
    }

    private async Task ReplaceKeysAsync(string domain, IEnumerable<string> names, TimeSpan delay, CancellationToken cancellationToken)
    {
        foreach (string name in names)
        {
            await state.Domains.RotateKeyAsync(domain, NewKey(name) with { CreatedAt = Now + (long)delay.TotalSeconds }, cancellationToken);
            changes.Notify(domain);
        }
    }

    private DomainKey NewKey(string name)
    {
        if (!algorithms.TryGet(name, out var algorithm)) throw new InvalidOperationException($"The signature algorithm {name} is not loaded.");
        var pair = algorithm.GenerateKey();
        return new DomainKey(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyIdBytes)), name, pair.PublicKey, pair.SecretKey, Now, RetiredAt: null);
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();
}
