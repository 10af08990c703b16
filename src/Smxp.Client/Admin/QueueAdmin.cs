using Smxp.Client.Transport;

namespace Smxp.Client.Admin;

/// <summary>What waits to leave a server.</summary>
public sealed class QueueAdmin
{
    private const string Root = "admin/queue";

    private readonly ApiConnection _connection;

    internal QueueAdmin(ApiConnection connection) => _connection = connection;

    /// <summary>Entries, oldest first.</summary>
    public Task<QueuePage> ListAsync(QueueQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        string path = ApiPath.Of(Root).With(("destination", query.Destination), ("state", query.State), ("after", query.After), ("limit", query.Limit.Text()));
        return _connection.GetAsync(path, ApiJson.Default.QueuePage, cancellationToken);
    }

    /// <summary>How many wait, in all and by destination.</summary>
    public Task<QueueCounts> CountAsync(CancellationToken cancellationToken) => _connection.GetAsync(ApiPath.Of($"{Root}/destinations"), ApiJson.Default.QueueCounts, cancellationToken);

    /// <summary>One entry.</summary>
    public Task<QueueEntry> GetAsync(string id, CancellationToken cancellationToken) => _connection.GetAsync(ApiPath.Of(Root, id), ApiJson.Default.QueueEntry, cancellationToken);

    /// <summary>Has an entry tried now.</summary>
    /// <exception cref="SmxpException">409 where it is being tried already.</exception>
    public async Task RetryAsync(string id, CancellationToken cancellationToken) =>
        await _connection.PostAsync($"{ApiPath.Of(Root, id)}/retry", new NoBody(), ApiJson.Default.NoBody, ApiJson.Default.QueueChange, cancellationToken).ConfigureAwait(false);

    /// <summary>Has all entries for a destination tried now, or (null) all there are; answers how many.</summary>
    public async Task<int> RetryAllAsync(string? destination, CancellationToken cancellationToken) =>
        (await _connection.PostAsync(ApiPath.Of($"{Root}/retry"), new QueueRetry(destination), ApiJson.Default.QueueRetry, ApiJson.Default.QueueChange, cancellationToken).ConfigureAwait(false)).Entries ?? 0;

    /// <summary>Gives an entry up; its sender is told that it failed.</summary>
    /// <exception cref="SmxpException">409 while it is being tried.</exception>
    public Task DropAsync(string id, CancellationToken cancellationToken) => _connection.DeleteAsync(ApiPath.Of(Root, id), cancellationToken);
}

internal sealed record QueueRetry(string? Destination);

internal sealed record QueueChange(string Status, int? Entries);
