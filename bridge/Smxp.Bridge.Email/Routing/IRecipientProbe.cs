using Smxp.Plugins.Delivery;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Routing;

/// <summary>Asks a legacy server whether it would take mail for an address. Called from several threads; every outcome is a value.</summary>
internal interface IRecipientProbe
{
    /// <summary>Accepted where it would, Rejected where it never will, Deferred where it does not say so now.</summary>
    Task<HandOver> AskAsync(Address recipient, CancellationToken cancellationToken);
}
