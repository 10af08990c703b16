using System.Net.Http.Json;
using Smxp.Client.Transport;

namespace Smxp.Client.Admin;

/// <summary>The routes of a domain: where mail for a pattern of addresses leads (SMXP §11).</summary>
public sealed class RouteAdmin
{
    private readonly ApiConnection _connection;

    internal RouteAdmin(ApiConnection connection) => _connection = connection;

    /// <summary>The routes of a domain, by descending priority.</summary>
    public async Task<IReadOnlyList<RouteInfo>> ListAsync(string domain, CancellationToken cancellationToken) =>
        (await _connection.GetAsync(ApiPath.Of("admin/routes", domain), ApiJson.Default.RouteList, cancellationToken).ConfigureAwait(false)).Routes;

    /// <summary>Adds a route.</summary>
    public async Task<RouteInfo> AddAsync(NewRoute route, CancellationToken cancellationToken) =>
        (await _connection.PostAsync(ApiPath.Of("admin/routes"), route, ApiJson.Default.NewRoute, ApiJson.Default.RouteAnswer, cancellationToken).ConfigureAwait(false)).Route;

    /// <summary>Changes what is not null.</summary>
    public async Task<RouteInfo> UpdateAsync(string id, RouteChange change, CancellationToken cancellationToken)
    {
        var content = JsonContent.Create(change, ApiJson.Default.RouteChange);
        return (await _connection.RequestAsync(HttpMethod.Put, ApiPath.Of("admin/routes", id), content, ApiJson.Default.RouteAnswer, cancellationToken).ConfigureAwait(false)).Route;
    }

    /// <summary>Removes a route.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => _connection.DeleteAsync(ApiPath.Of("admin/routes", id), cancellationToken);
}

internal sealed record RouteAnswer(RouteInfo Route);

internal sealed record RouteList(IReadOnlyList<RouteInfo> Routes);
