using System.Net;

namespace Smxp.Mail.Smtp.Limits;

/// <summary>Counts open connections, in all and per client.</summary>
internal sealed class ConnectionLimiter(int total, int perClient)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _clients = [];
    private int _open;

    /// <summary>A place, given back when disposed; null where there is none left. Whose it is may turn out later, when a proxy names the client.</summary>
    public ConnectionPlace? TryEnter()
    {
        lock (_lock)
        {
            if (_open >= total) return null;
            _open++;
            return new ConnectionPlace(this);
        }
    }

    internal bool TryMove(IPAddress? from, IPAddress to)
    {
        lock (_lock)
        {
            if (to.Equals(from)) return true;
            int ofClient = _clients.GetValueOrDefault(to);
            if (ofClient >= perClient) return false;
            _clients[to] = ofClient + 1;
            Release(from);
            return true;
        }
    }

    internal void Leave(IPAddress? client)
    {
        lock (_lock)
        {
            _open--;
            Release(client);
        }
    }

    private void Release(IPAddress? client)
    {
        if (client is not null && --_clients[client] == 0) _clients.Remove(client);
    }
}

/// <summary>The place of one connection.</summary>
internal sealed class ConnectionPlace(ConnectionLimiter owner) : IDisposable
{
    private IPAddress? _client;

    /// <summary>Says whose it is, or now is; false where that client has too many.</summary>
    public bool TryAssign(IPAddress client)
    {
        var key = ClientKey.Of(client);
        if (!owner.TryMove(_client, key)) return false;
        _client = key;
        return true;
    }

    public void Dispose() => owner.Leave(_client);
}
