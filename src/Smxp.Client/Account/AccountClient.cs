using System.Net.Http.Json;
using Smxp.Client.Auth;
using Smxp.Client.Transport;

namespace Smxp.Client.Account;

/// <summary>The signed-in account (SMXP §8).</summary>
public sealed class AccountClient
{
    private readonly ApiConnection _connection;

    internal AccountClient(ApiConnection connection) => _connection = connection;

    /// <summary>Who is signed in.</summary>
    public Task<AccountInfo> GetInfoAsync(CancellationToken cancellationToken) =>
        _connection.GetAsync(ApiPath.Of("account/info"), ApiJson.Default.AccountInfo, cancellationToken);

    /// <summary>Changes the password; every other session ends.</summary>
    /// <exception cref="SmxpException">403 where the current one is wrong, 400 where the new one is shorter than 8 characters.</exception>
    public Task ChangePasswordAsync(string currentPassword, string newPassword, CancellationToken cancellationToken) =>
        _connection.RequestAsync(HttpMethod.Put, ApiPath.Of("account/password"), JsonContent.Create(new PasswordBody(currentPassword, newPassword), ApiJson.Default.PasswordBody),
            ApiJson.Default.JsonElement, cancellationToken);

    /// <summary>The account's sessions, newest first.</summary>
    public async Task<IReadOnlyList<TokenInfo>> ListSessionsAsync(CancellationToken cancellationToken) =>
        (await _connection.GetAsync(ApiPath.Of("account/sessions"), ApiJson.Default.SessionList, cancellationToken).ConfigureAwait(false)).Sessions;

    /// <summary>Ends another session.</summary>
    /// <exception cref="SmxpException">400 for the current one (sign out instead), 404 where the account has none of this id.</exception>
    public Task DeleteSessionAsync(string id, CancellationToken cancellationToken) =>
        _connection.DeleteAsync(ApiPath.Of("account/sessions", id), cancellationToken);
}

internal sealed record PasswordBody(string CurrentPassword, string NewPassword);

internal sealed record SessionList(IReadOnlyList<TokenInfo> Sessions);
