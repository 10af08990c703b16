using Smxp.Protocol;

namespace Smxp.Plugins.Storage;

/// <summary>Who may act for whom.</summary>
public interface IDelegationStore
{
    /// <summary>Adds a delegation.</summary>
    Task AddAsync(DelegationRecord delegation, CancellationToken cancellationToken);

    /// <summary>What an owner gave, newest first.</summary>
    Task<IReadOnlyList<DelegationRecord>> ListByOwnerAsync(Address owner, CancellationToken cancellationToken);

    /// <summary>What a delegate was given by owners on this server, newest first.</summary>
    Task<IReadOnlyList<DelegationRecord>> ListByDelegateAsync(string delegateAddress, CancellationToken cancellationToken);

    /// <summary>The newest delegation from an owner to a delegate, expired or not; null where there is none.</summary>
    Task<DelegationRecord?> FindNewestAsync(Address owner, string delegateAddress, CancellationToken cancellationToken);

    /// <summary>Removes one of the owner's delegations, at once for every node; false where the owner has none of this id.</summary>
    Task<bool> RemoveAsync(Address owner, string id, CancellationToken cancellationToken);
}

/// <summary>A delegation.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">Who gave it.</param>
/// <param name="Delegate">Who may act, an address anywhere.</param>
/// <param name="Scope"><c>send</c>, <c>read</c> or <c>manage</c>.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="ExpiresAt">Unix seconds; null for never.</param>
public sealed record DelegationRecord(string Id, Address Owner, string Delegate, string Scope, long CreatedAt, long? ExpiresAt);
