using System.Globalization;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Outbound.Dkim;

/// <summary>The DKIM keys of the domains served here, on record as <c>dkim/{domain}/{generation}</c>. They leave this class for the signer alone; logs and the API see public halves.</summary>
internal sealed class KeyStore(IBridgeState state, TimeProvider time)
{
    private const int Most = 100;

    /// <summary>A domain's generations, the oldest first.</summary>
    public async Task<IReadOnlyList<KeyGeneration>> ListAsync(string domain, CancellationToken cancellationToken)
    {
        string prefix = Key(domain, "");
        var records = await state.ListAsync(EmailBridge.BridgeName, null, prefix, after: null, Most, cancellationToken);
        return [.. records.Select(record => KeyGeneration.Read(record.Key[prefix.Length..], record.Value)).OrderBy(static generation => generation.CreatedAt).ThenBy(static generation => generation.Name, StringComparer.Ordinal)];
    }

    /// <summary>Makes a new generation. Where another node makes one of the same name at the same time, one of them prevails.</summary>
    public async Task AddAsync(string domain, IReadOnlyList<KeyGeneration> present, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        string day = now.ToString("'s'yyyyMMdd", CultureInfo.InvariantCulture);
        // Selectors are never used twice while the old record may still be in somebody's cache.
        string name = Enumerable.Range(1, Most).Select(number => number == 1 ? day : string.Create(CultureInfo.InvariantCulture, $"{day}-{number}")).First(candidate => present.All(generation => generation.Name != candidate));
        await state.PutAsync([Record(domain, KeyGeneration.Generate(name, now.ToUnixTimeSeconds())) with { Unique = true }], cancellationToken);
    }

    public Task SaveAsync(string domain, KeyGeneration generation, CancellationToken cancellationToken) => state.PutAsync([Record(domain, generation)], cancellationToken);

    public Task<bool> RemoveAsync(string domain, string name, CancellationToken cancellationToken) => state.RemoveAsync(EmailBridge.BridgeName, null, Key(domain, name), cancellationToken);

    private static BridgeRecord Record(string domain, KeyGeneration generation) => new(EmailBridge.BridgeName, null, Key(domain, generation.Name), generation.Write());

    private static string Key(string domain, string name) => $"dkim/{domain}/{name}";
}
