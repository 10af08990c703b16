using Smxp.Plugins.Storage;

namespace Smxp.Storage.Relational.State;

/// <summary>
/// Everything that is not a message, in tables. Each part is one file: its queries in LINQ, the same for every database.
/// Writes go through <see cref="IDatabase.WriteAsync"/>, so they share a transaction and a flush with whatever else is being written.
/// </summary>
internal sealed class RelationalStateStore(IDatabase database) : IStateStore
{
    public IDomainStore Domains { get; } = new DomainStore(database);

    public IAddressStore Addresses { get; } = new AddressStore(database);

    public ITokenStore Tokens { get; } = new TokenStore(database);

    public IRouteStore Routes { get; } = new RouteStore(database);

    public IDelegationStore Delegations { get; } = new DelegationStore(database);

    public IPeerStore Peers { get; } = new PeerStore(database);

    public IBlobRecords Blobs { get; } = new BlobRecords(database);
}
