using System.Collections.Concurrent;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound.Dkim;

/// <summary>
/// Which keys sign a domain's mail: made at its first mail, the newest whose records DNS shows, so that after a rotation nothing is signed with a key that nobody can fetch yet.
/// Only domains served here have any, and the server's own name.
/// </summary>
internal sealed class SigningKeys(KeyStore store, IMessageIntake intake, IDnsResolver dns, string hostName, TimeProvider time)
{
    private const int MostInMemory = 10_000;

    // How soon a rotation on another node, or a record published at last, is noticed.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (KeyGeneration? Generation, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>The keys that sign for a domain now; null where it is not served here.</summary>
    public async ValueTask<KeyGeneration?> FindAsync(string domain, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(domain, out var known) && known.Until > time.GetUtcNow()) return known.Generation;
        var generation = await ListAsync(domain, cancellationToken) is { } generations ? await ChooseAsync(domain, generations, cancellationToken) : null;
        if (_known.Count >= MostInMemory) _known.Clear();
        _known[domain] = (generation, time.GetUtcNow() + Kept);
        return generation;
    }

    /// <summary>All of a domain's keys, the oldest first, made where there are none; null where the domain is not served here.</summary>
    public async Task<IReadOnlyList<KeyGeneration>?> ListAsync(string domain, CancellationToken cancellationToken)
    {
        if (!await IsOursAsync(domain, cancellationToken)) return null;
        var generations = await store.ListAsync(domain, cancellationToken);
        if (generations.Count > 0) return generations;
        await store.AddAsync(domain, generations, cancellationToken);
        return await store.ListAsync(domain, cancellationToken);
    }

    /// <summary>Makes new keys, which sign once their records are published; false where the domain is not served here.</summary>
    public async Task<bool> RotateAsync(string domain, CancellationToken cancellationToken)
    {
        if (await ListAsync(domain, cancellationToken) is not { } generations) return false;
        await store.AddAsync(domain, generations, cancellationToken);
        _known.TryRemove(domain, out _);
        return true;
    }

    /// <summary>Forgets keys, whose records may go then; false where there are none of this name.</summary>
    public async Task<bool> RetireAsync(string domain, string name, CancellationToken cancellationToken)
    {
        bool removed = await store.RemoveAsync(domain, name, cancellationToken);
        _known.TryRemove(domain, out _);
        return removed;
    }

    /// <summary>Whether DNS shows a key's record as it should be.</summary>
    public async ValueTask<bool> IsPublishedAsync(string domain, DkimSigningKey key, CancellationToken cancellationToken)
    {
        var answer = await dns.ResolveAsync(new DnsQuestion(RecordName(domain, key), DnsRecordType.Txt), cancellationToken);
        return answer?.Records.OfType<TextData>().Any(record => PublicKey(record.Text) == PublicKey(key.Key.DnsRecord)) == true;
    }

    /// <summary>Where a key's record belongs.</summary>
    public static string RecordName(string domain, DkimSigningKey key) => $"{key.Selector}._domainkey.{domain}";

    private async ValueTask<KeyGeneration> ChooseAsync(string domain, IReadOnlyList<KeyGeneration> generations, CancellationToken cancellationToken)
    {
        // The newest whose records were seen; while none was, the oldest, about which DNS has been told longest.
        var chosen = generations[0];
        for (int i = generations.Count - 1; i > 0; i--)
        {
            var generation = generations[i];
            if (!generation.IsPublished && !await ArePublishedAsync(domain, generation, cancellationToken)) continue;
            chosen = generation;
            break;
        }

        if (!chosen.IsPublished && generations.Count > 1 && chosen != generations[0]) await store.SaveAsync(domain, chosen with { IsPublished = true }, cancellationToken);
        return chosen;
    }

    private async ValueTask<bool> ArePublishedAsync(string domain, KeyGeneration generation, CancellationToken cancellationToken)
    {
        foreach (var key in generation.Keys)
        {
            if (!await IsPublishedAsync(domain, key, cancellationToken)) return false;
        }

        return true;
    }

    // Notifications come from the server's own name, which need not be a domain that has mailboxes.
    private async ValueTask<bool> IsOursAsync(string domain, CancellationToken cancellationToken) =>
        (domain.Equals(hostName, StringComparison.OrdinalIgnoreCase) && domain.Contains('.', StringComparison.Ordinal))
        || (Address.TryParse($"postmaster@{domain}", out var postmaster) && await intake.LookUpAsync(postmaster, cancellationToken) != RecipientKind.Remote);

    // Zone editors put in spaces and other tags; the key is what counts.
    private static string? PublicKey(string record) =>
        record.Split(';').Select(static tag => string.Concat(tag.Where(static c => !char.IsWhiteSpace(c)))).FirstOrDefault(static tag => tag.StartsWith("p=", StringComparison.Ordinal));
}
