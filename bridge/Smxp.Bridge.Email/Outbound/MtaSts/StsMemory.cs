using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Outbound.MtaSts;

/// <summary>Policies that were fetched, on record (<c>sts/{domain}</c>: the id, the time, the file) and, the most of them, in memory.</summary>
internal sealed class StsMemory(IBridgeState state)
{
    private const int MostInMemory = 10_000;

    private readonly ConcurrentDictionary<string, KnownPolicy?> _known = new(StringComparer.Ordinal);

    public async ValueTask<KnownPolicy?> GetAsync(string domain, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(domain, out var known)) return known;
        byte[]? value = await state.GetAsync(EmailBridge.BridgeName, null, Key(domain), cancellationToken);
        return Keep(domain, value is null ? null : Read(Encoding.UTF8.GetString(value)));
    }

    public async Task SetAsync(string domain, KnownPolicy policy, string text, CancellationToken cancellationToken)
    {
        string value = string.Create(CultureInfo.InvariantCulture, $"{policy.Id} {policy.FetchedAt.ToUnixTimeSeconds()}\n{text}");
        await state.PutAsync([new BridgeRecord(EmailBridge.BridgeName, null, Key(domain), Encoding.UTF8.GetBytes(value))], cancellationToken);
        Keep(domain, policy);
    }

    private KnownPolicy? Keep(string domain, KnownPolicy? policy)
    {
        if (_known.Count >= MostInMemory) _known.Clear();
        _known[domain] = policy;
        return policy;
    }

    private static string Key(string domain) => $"sts/{domain}";

    private static KnownPolicy? Read(string value)
    {
        string[] parts = value.Split('\n', 2);
        return parts.Length == 2 && parts[0].Split(' ') is [var id, var seconds] && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long at) && StsPolicyReader.TryRead(parts[1], out var policy, out _)
            ? new KnownPolicy(id, DateTimeOffset.FromUnixTimeSeconds(at), policy)
            : null;
    }
}

/// <summary>A policy, the version it was announced as, and when it was fetched.</summary>
internal sealed record KnownPolicy(string Id, DateTimeOffset FetchedAt, StsPolicy Policy);
