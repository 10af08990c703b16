using Smxp.Client.Transport;

namespace Smxp.Client.Delegations;

/// <summary>Who may act for whom (SMXP §8).</summary>
public sealed class DelegationClient
{
    private readonly ApiConnection _connection;

    internal DelegationClient(ApiConnection connection) => _connection = connection;

    /// <summary>Lets another address act for this account.</summary>
    /// <param name="delegateAddress">Who may act, on any server.</param>
    /// <param name="scope">What it may do.</param>
    /// <param name="expiresAt">Until when, Unix seconds; null for as long as it stands.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DelegationInfo> CreateAsync(string delegateAddress, DelegationScope scope, long? expiresAt, CancellationToken cancellationToken)
    {
        var body = new DelegationBody(delegateAddress, scope.ToString().ToLowerInvariant(), expiresAt);
        var answer = await _connection.PostAsync(ApiPath.Of("delegations"), body, ApiJson.Default.DelegationBody, ApiJson.Default.DelegationAnswer, cancellationToken).ConfigureAwait(false);
        return answer.Delegation;
    }

    /// <summary>What this account gave to others, newest first.</summary>
    public Task<IReadOnlyList<DelegationInfo>> ListAsync(CancellationToken cancellationToken) => ListAsync(ApiPath.Of("delegations"), cancellationToken);

    /// <summary>What owners on this server gave to this account, newest first.</summary>
    public Task<IReadOnlyList<DelegationInfo>> ListGrantedAsync(CancellationToken cancellationToken) => ListAsync(ApiPath.Of("delegations/granted"), cancellationToken);

    /// <summary>Takes a delegation back, at once.</summary>
    /// <exception cref="SmxpException">404 where the account gave none of this id.</exception>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => _connection.DeleteAsync(ApiPath.Of("delegations", id), cancellationToken);

    private async Task<IReadOnlyList<DelegationInfo>> ListAsync(string path, CancellationToken cancellationToken) =>
        (await _connection.GetAsync(path, ApiJson.Default.DelegationList, cancellationToken).ConfigureAwait(false)).Delegations;
}

internal sealed record DelegationBody(string Delegate, string Scope, long? ExpiresAt);

internal sealed record DelegationAnswer(DelegationInfo Delegation);

internal sealed record DelegationList(IReadOnlyList<DelegationInfo> Delegations);
