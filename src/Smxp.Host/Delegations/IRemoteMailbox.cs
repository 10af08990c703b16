using Smxp.Protocol;

namespace Smxp.Host.Delegations;

/// <summary>Reads and manages the mailbox of an owner whose domain is served elsewhere: asks the owner's server by <c>delegate-call</c> (SMXP §6).</summary>
internal interface IRemoteMailbox
{
    /// <summary>
    /// Passes a request of the mail API on: its method, path, query (without <c>on_behalf_of</c>) and JSON body, to be run there as the owner.
    /// The result is the other server's answer as it stands, or a rejection.
    /// </summary>
    Task<IResult> CallAsync(Address owner, Address delegateAddress, HttpRequest request, CancellationToken cancellationToken);
}
