using System.Net;
using System.Net.Sockets;

namespace Smxp.Host.Auth;

/// <summary>
/// Slows guessing down (SMXP §8): attempts are counted per address and per client, each in a bucket that refills with time. An attempt takes
/// from both before the password is looked at, so that many at once gain nothing; a right password gives back what it took.
/// </summary>
internal sealed class SignInThrottle(TimeProvider time)
{
    private static readonly Limit PerAddress = new(Capacity: 20, Refill: TimeSpan.FromSeconds(30));
    private static readonly Limit PerClient = new(Capacity: 100, Refill: TimeSpan.FromSeconds(5));

    // Strangers choose the names: what is remembered is bounded, the least recently touched goes first.
    private readonly BucketTable _addresses = new(PerAddress, maxEntries: 20_000);
    private readonly BucketTable _clients = new(PerClient, maxEntries: 20_000);
    private readonly Lock _lock = new();

    /// <summary>Counts an attempt; answers how long to wait where there were too many, and then nothing is counted.</summary>
    public TimeSpan? TryEnter(string address, string client)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var (forAddress, forClient) = (_addresses.Get(address, now), _clients.Get(ClientKey(client), now));
            var wait = forAddress.WaitTime(now) > forClient.WaitTime(now) ? forAddress.WaitTime(now) : forClient.WaitTime(now);
            if (wait > TimeSpan.Zero) return wait;
            forAddress.Take();
            forClient.Take();
            return null;
        }
    }

    /// <summary>Gives back what an attempt took, for it was no guess.</summary>
    public void Forgive(string address, string client)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            _addresses.Get(address, now).GiveBack();
            _clients.Get(ClientKey(client), now).GiveBack();
        }
    }

    /// <summary>A household has a /64 of IPv6 addresses; it counts as one client.</summary>
    private static string ClientKey(string client)
    {
        if (!IPAddress.TryParse(client, out var ip)) return client;
        if (ip.IsIPv4MappedToIPv6) return ip.MapToIPv4().ToString();
        return ip.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(ip.GetAddressBytes().AsSpan(0, 8)) : ip.ToString();
    }
}
