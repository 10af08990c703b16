using System.Net;
using System.Net.Sockets;

namespace Smxp.Mail.Smtp.Limits;

/// <summary>Counts open connections, in all and per client.</summary>
internal sealed class ConnectionLimiter(int total, int perClient)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _clients = [];
    private int _open;

    /// <summary>A place, given back when disposed; null where there is none left.</summary>
    public IDisposable? TryEnter(IPAddress client)
    {
        var key = KeyOf(client);
        lock (_lock)
        {
            int ofClient = _clients.GetValueOrDefault(key);
            if (_open >= total || ofClient >= perClient) return null;
            _open++;
            _clients[key] = ofClient + 1;
        }

        return new Slot(this, key);
    }

    private void Leave(IPAddress key)
    {
        lock (_lock)
        {
            _open--;
            if (--_clients[key] == 0) _clients.Remove(key);
        }
    }

    // A network of one subscriber is a /64; its addresses are free, so they count as one client.
    private static IPAddress KeyOf(IPAddress client)
    {
        if (client.IsIPv4MappedToIPv6) return client.MapToIPv4();
        if (client.AddressFamily != AddressFamily.InterNetworkV6) return client;
        byte[] bytes = client.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private sealed class Slot(ConnectionLimiter owner, IPAddress key) : IDisposable
    {
        public void Dispose() => owner.Leave(key);
    }
}
