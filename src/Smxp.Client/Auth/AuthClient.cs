using Smxp.Client.Transport;
using Smxp.Protocol;

namespace Smxp.Client.Auth;

/// <summary>Signing in and out, and API keys (SMXP §8).</summary>
public sealed class AuthClient
{
    private readonly ApiConnection _connection;

    internal AuthClient(ApiConnection connection) => _connection = connection;

    /// <summary>Signs in; the client uses the session from here on.</summary>
    /// <exception cref="SmxpException">401 for a wrong address or password, 429 after too many tries.</exception>
    public async Task<Session> LoginAsync(Address address, string password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        var body = new LoginBody(address.Local, address.Domain, password);
        var session = await _connection.PostAsync(ApiPath.Of("auth/login"), body, ApiJson.Default.LoginBody, ApiJson.Default.Session, cancellationToken).ConfigureAwait(false);
        _connection.Token = session.Token;
        return session;
    }

    /// <summary>Ends the session; the client is signed out.</summary>
    public async Task LogoutAsync(CancellationToken cancellationToken)
    {
        await _connection.PostAsync(ApiPath.Of("auth/logout"), new NoBody(), ApiJson.Default.NoBody, ApiJson.Default.JsonElement, cancellationToken).ConfigureAwait(false);
        _connection.Token = null;
    }

    /// <summary>Makes an API key.</summary>
    /// <param name="name">What its owner calls it; may be null.</param>
    /// <param name="expiresAt">When it ends, Unix seconds; null for never.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<NewApiKey> CreateApiKeyAsync(string? name, long? expiresAt, CancellationToken cancellationToken) =>
        _connection.PostAsync(ApiPath.Of("auth/apikeys"), new ApiKeyBody(name, expiresAt), ApiJson.Default.ApiKeyBody, ApiJson.Default.NewApiKey, cancellationToken);

    /// <summary>The account's API keys, newest first.</summary>
    public async Task<IReadOnlyList<TokenInfo>> ListApiKeysAsync(CancellationToken cancellationToken) =>
        (await _connection.GetAsync(ApiPath.Of("auth/apikeys"), ApiJson.Default.ApiKeyList, cancellationToken).ConfigureAwait(false)).Apikeys;

    /// <summary>Ends one of the account's API keys.</summary>
    /// <exception cref="SmxpException">404 where the account has none of this id.</exception>
    public Task DeleteApiKeyAsync(string id, CancellationToken cancellationToken) =>
        _connection.DeleteAsync(ApiPath.Of("auth/apikeys", id), cancellationToken);
}

internal sealed record LoginBody(string Alias, string Domain, string Password);

internal sealed record ApiKeyBody(string? Name, long? ExpiresAt);

internal sealed record ApiKeyList(IReadOnlyList<TokenInfo> Apikeys);
