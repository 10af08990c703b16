using Smxp.Protocol;

namespace Smxp.Bridge.Email.Routing;

/// <summary>Says where mail for an address of a hybrid domain goes: here, to the legacy server, or to both.</summary>
internal sealed class AddressRouter(HybridDomains domains, DeliveryChoices choices)
{
    /// <summary>The ways; null where the address's domain is not hybrid.</summary>
    /// <param name="address">The address.</param>
    /// <param name="hasInbox">Whether there is an inbox or a route for it. Without one there is nowhere to go here, whatever was chosen.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async ValueTask<AddressWays?> FindAsync(Address address, bool hasInbox, CancellationToken cancellationToken)
    {
        if (domains.LegacyServerOf(address.Domain) is null) return null;
        if (!hasInbox) return AddressWays.Legacy;
        return (await choices.FindAsync(address, cancellationToken))?.To switch
        {
            DeliverTo.Email => AddressWays.Legacy,
            DeliverTo.Both => AddressWays.Here | AddressWays.Legacy,
            _ => AddressWays.Here,
        };
    }
}

/// <summary>Where mail for an address goes.</summary>
[Flags]
internal enum AddressWays
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>Into an inbox, or along a route.</summary>
    Here = 1,

    /// <summary>To the domain's legacy server.</summary>
    Legacy = 2,
}
