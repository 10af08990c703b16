namespace Smxp.Plugins.Storage;

/// <summary>Everything the server knows that is not a message: domains and keys, addresses, tokens, routes, delegations, peers, blob records.</summary>
/// <remarks>All parts are called from several threads. Writes are durable when their task completes. Expected outcomes are values; an outage is a <see cref="StorageUnavailableException"/>.</remarks>
public interface IStateStore
{
    /// <summary>The domains served here and their keys.</summary>
    IDomainStore Domains { get; }

    /// <summary>The inboxes.</summary>
    IAddressStore Addresses { get; }

    /// <summary>Sessions and API keys.</summary>
    ITokenStore Tokens { get; }

    /// <summary>Routes: patterns that forward.</summary>
    IRouteStore Routes { get; }

    /// <summary>Who may act for whom.</summary>
    IDelegationStore Delegations { get; }

    /// <summary>What is remembered of other servers.</summary>
    IPeerStore Peers { get; }

    /// <summary>Blob records and the capability tokens that open them.</summary>
    IBlobRecords Blobs { get; }
}
