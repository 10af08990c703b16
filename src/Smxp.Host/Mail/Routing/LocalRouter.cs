using Smxp.Protocol;

namespace Smxp.Host.Mail.Routing;

/// <summary>
/// Finds where a message to a local address goes (SMXP §11): to its inbox and along every matching route that leads elsewhere; without an inbox, along every matching route.
/// A route to a local address is followed on. Circles end at the first address seen twice.
/// </summary>
internal sealed class LocalRouter(LocalDirectory directory)
{
    // Routes multiply: each target may have routes of its own.
    private const int MostAddresses = 100;

    /// <summary>Where it goes; null where there is neither an inbox nor a route that leads anywhere.</summary>
    public async ValueTask<RoutePlan?> PlanAsync(Address recipient, CancellationToken cancellationToken)
    {
        IReadOnlyList<Route> routes = await directory.RoutesAsync(recipient.Domain, cancellationToken);
        if (routes.Count == 0) return await directory.HasInboxAsync(recipient, cancellationToken) ? new RoutePlan([recipient], []) : null;

        List<Address> inboxes = [];
        List<RoutedForward> forwards = [];
        HashSet<Address> seen = [recipient], forwarded = [];
        Queue<Address> pending = new([recipient]);
        while (pending.TryDequeue(out Address? address))
        {
            bool inbox = await directory.HasInboxAsync(address, cancellationToken);
            if (inbox) inboxes.Add(address);
            foreach (Route route in await directory.RoutesAsync(address.Domain, cancellationToken))
            {
                if (!route.Matches(address.Local)) continue;
                bool local = await directory.IsLocalAsync(route.Target.Domain, cancellationToken);
                if (!local && forwarded.Count < MostAddresses && forwarded.Add(route.Target)) forwards.Add(new RoutedForward(address, route.Target));
                if (local && !inbox && seen.Count < MostAddresses && seen.Add(route.Target)) pending.Enqueue(route.Target);
            }
        }

        return inboxes.Count + forwards.Count > 0 ? new RoutePlan(inboxes, forwards) : null;
    }
}

/// <summary>Where a message goes.</summary>
internal sealed record RoutePlan(IReadOnlyList<Address> Inboxes, IReadOnlyList<RoutedForward> Forwards);

/// <summary>A forward from a routed address to a target on another server.</summary>
internal sealed record RoutedForward(Address From, Address Target);
