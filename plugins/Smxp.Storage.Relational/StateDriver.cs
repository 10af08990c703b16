using Smxp.Plugins;
using Smxp.Plugins.Storage;
using Smxp.Storage.Relational.State;

namespace Smxp.Storage.Relational;

/// <summary>The driver behind <c>Storage:State</c>: a database and the tables of the state store in it.</summary>
internal sealed class StateDriver(IDatabase database) : IStateStore, IDriver, IAsyncDisposable
{
    private readonly RelationalStateStore _store = new(database);

    public IDomainStore Domains => _store.Domains;

    public IAddressStore Addresses => _store.Addresses;

    public ITokenStore Tokens => _store.Tokens;

    public IRouteStore Routes => _store.Routes;

    public IDelegationStore Delegations => _store.Delegations;

    public IPeerStore Peers => _store.Peers;

    public IBlobRecords Blobs => _store.Blobs;

    public Task StartAsync(CancellationToken cancellationToken) => database.StartAsync(cancellationToken);

    public ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => database.CheckAsync(cancellationToken);

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
