using System.Net.Http.Json;
using System.Text.Json;
using Smxp.Client.Transport;

namespace Smxp.Client.Admin;

/// <summary>The bridges of a server, and what each of them answers by itself.</summary>
public sealed class BridgeAdmin
{
    private readonly ApiConnection _connection;

    internal BridgeAdmin(ApiConnection connection) => _connection = connection;

    /// <summary>The names of the bridges in use.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        (await _connection.GetAsync(ApiPath.Of("admin/bridge"), ApiJson.Default.BridgeList, cancellationToken).ConfigureAwait(false)).Bridges;

    /// <summary>Asks a bridge, or has it do something.</summary>
    /// <param name="bridge">Its name.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">What is asked, e.g. <c>dns/example.com</c>; each segment is escaped.</param>
    /// <param name="body">A JSON body; null for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="SmxpException">404 where the bridge knows no such thing.</exception>
    public Task<JsonElement> AskAsync(string bridge, HttpMethod method, string path, JsonElement? body, CancellationToken cancellationToken) =>
        AskAsync(bridge, method, path, [], body, cancellationToken);

    /// <summary>Asks a bridge, or has it do something, with members of a query; those that are null are left out.</summary>
    /// <inheritdoc cref="AskAsync(string, HttpMethod, string, JsonElement?, CancellationToken)"/>
    /// <param name="bridge">Its name.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">What is asked, e.g. <c>ledger</c>; each segment is escaped.</param>
    /// <param name="query">The query's members, e.g. <c>("mailbox", "alice@example.com")</c>.</param>
    /// <param name="body">A JSON body; null for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<JsonElement> AskAsync(string bridge, HttpMethod method, string path, IReadOnlyList<(string Name, string? Value)> query, JsonElement? body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(query);
        string full = ApiPath.Of("admin/bridge", [bridge, .. path.Split('/', StringSplitOptions.RemoveEmptyEntries)]).With([.. query]);
        var content = body is { } value ? JsonContent.Create(value, ApiJson.Default.JsonElement) : null;
        return _connection.RequestAsync(method, full, content, ApiJson.Default.JsonElement, cancellationToken);
    }
}

internal sealed record BridgeList(IReadOnlyList<string> Bridges);
