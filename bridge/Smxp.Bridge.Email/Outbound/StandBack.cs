using System.Collections.Concurrent;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Servers that could not be reached a moment ago. They are passed over for a while, so that one that is dead costs its time-out once and not for every mail.</summary>
internal sealed class StandBack(TimeProvider time)
{
    private const int MostServers = 10_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, string Why)> _servers = new(StringComparer.Ordinal);

    /// <summary>Why a server is to be passed over; null where it is not.</summary>
    public string? ReasonFor(MailHost host)
    {
        if (!_servers.TryGetValue(host.Endpoint, out var entry)) return null;
        if (entry.Until > time.GetUtcNow()) return entry.Why;
        _servers.TryRemove(new(host.Endpoint, entry));
        return null;
    }

    public void Failed(MailHost host, string why)
    {
        var now = time.GetUtcNow();
        if (_servers.Count >= MostServers)
        {
            foreach (var (name, _) in _servers.Where(pair => pair.Value.Until <= now)) _servers.TryRemove(name, out _);
            if (_servers.Count >= MostServers) _servers.Clear();
        }

        _servers[host.Endpoint] = (now + Pause, why);
    }

    public void Clear() => _servers.Clear();

    public void Reached(MailHost host)
    {
        if (!_servers.IsEmpty) _servers.TryRemove(host.Endpoint, out _);
    }
}
