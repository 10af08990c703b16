using System.Net;
using Smxp.Client.Transport;

namespace Smxp.Client.Admin;

/// <summary>The domains a server serves, their keys and their DNS records.</summary>
public sealed class DomainAdmin
{
    private readonly ApiConnection _connection;

    internal DomainAdmin(ApiConnection connection) => _connection = connection;

    /// <summary>All domains, by name.</summary>
    public async Task<IReadOnlyList<DomainInfo>> ListAsync(CancellationToken cancellationToken) =>
        (await _connection.GetAsync(ApiPath.Of("admin/domains"), ApiJson.Default.DomainList, cancellationToken).ConfigureAwait(false)).Domains;

    /// <summary>Serves a domain: makes its keys and says which DNS records to publish.</summary>
    /// <exception cref="SmxpException">409 where it is served already.</exception>
    public Task<DomainInfo> AddAsync(string domain, CancellationToken cancellationToken) =>
        _connection.PostAsync(ApiPath.Of("admin/domains"), new DomainBody(domain), ApiJson.Default.DomainBody, ApiJson.Default.DomainInfo, cancellationToken);

    /// <summary>One domain.</summary>
    public Task<DomainInfo> GetAsync(string domain, CancellationToken cancellationToken) =>
        _connection.GetAsync(ApiPath.Of("admin/domains", domain), ApiJson.Default.DomainInfo, cancellationToken);

    /// <summary>Stops serving a domain.</summary>
    public Task DeleteAsync(string domain, CancellationToken cancellationToken) => _connection.DeleteAsync(ApiPath.Of("admin/domains", domain), cancellationToken);

    /// <summary>Compares what DNS says with what it should say. A difference is an answer, not an exception.</summary>
    public async Task<DomainVerification> VerifyAsync(string domain, CancellationToken cancellationToken)
    {
        using var request = _connection.NewRequest(HttpMethod.Post, $"{ApiPath.Of("admin/domains", domain)}/verify");
        using var response = await _connection.SendAsync(request, HttpCompletionOption.ResponseContentRead, HttpStatusCode.Conflict, cancellationToken).ConfigureAwait(false);
        return await ApiConnection.ReadAsync(response, ApiJson.Default.DomainVerification, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes new keys that sign at once; the old ones still verify mail in flight. Publish the records answered.</summary>
    public Task<DomainInfo> RotateKeysAsync(string domain, CancellationToken cancellationToken) => RotateKeysAsync(domain, TimeSpan.Zero, cancellationToken);

    /// <summary>Makes new keys that sign after a delay. Publish the records answered before then: a server that does not find the record of a key refuses what it signed.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="delay">How long the old keys go on signing; whole seconds, at most 30 days.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<DomainInfo> RotateKeysAsync(string domain, TimeSpan delay, CancellationToken cancellationToken) =>
        _connection.PostAsync($"{ApiPath.Of("admin/domains", domain)}/keys/rotate", new RotateBody((long)delay.TotalSeconds), ApiJson.Default.RotateBody, ApiJson.Default.DomainInfo, cancellationToken);
}

internal sealed record DomainBody(string Domain);

internal sealed record RotateBody(long Delay);

internal sealed record DomainList(IReadOnlyList<DomainInfo> Domains);
