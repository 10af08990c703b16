using Smxp.Client.Transport;

namespace Smxp.Client.Server;

/// <summary>The server itself (SMXP §5, §6). Needs no token.</summary>
public sealed class ServerClient
{
    private readonly ApiConnection _connection;

    internal ServerClient(ApiConnection connection) => _connection = connection;

    /// <summary>Whether the server is working, and what it serves.</summary>
    /// <exception cref="SmxpException">503 while a driver is not reachable.</exception>
    public Task<ServerHealth> GetHealthAsync(CancellationToken cancellationToken) =>
        _connection.GetAsync(ApiPath.Of("health"), ApiJson.Default.ServerHealth, cancellationToken);

    /// <summary>The public key of a domain served there.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="keyId">A certain key, a retired one included; null for the one in use with the default algorithm.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SmxpException">404 where the domain or the key is not known.</exception>
    public Task<ServerKey> GetKeyAsync(string domain, string? keyId, CancellationToken cancellationToken) =>
        _connection.GetAsync(ApiPath.Of("server-key", domain).With(("kid", keyId)), ApiJson.Default.ServerKey, cancellationToken);
}
