using Smxp.Host.Domains;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Routing;

/// <summary>What the router asks for every message: which domains, inboxes and routes are here. Answers are at most a second old; changes through this server count at once.</summary>
internal sealed class LocalDirectory(IKeyRing keys, IStateStore state, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private readonly BriefCache<Address, bool> _inboxes = new(Lifetime, 10_000, time);
    private readonly BriefCache<string, IReadOnlyList<Route>> _routes = new(Lifetime, 1_000, time);

    public ValueTask<bool> IsLocalAsync(string domain, CancellationToken cancellationToken) => keys.IsLocalAsync(domain, cancellationToken);

    public ValueTask<bool> HasInboxAsync(Address address, CancellationToken cancellationToken) => _inboxes.GetAsync(address, FindInboxAsync, cancellationToken);

    /// <summary>The enabled routes of a local domain, in their order.</summary>
    public ValueTask<IReadOnlyList<Route>> RoutesAsync(string domain, CancellationToken cancellationToken) => _routes.GetAsync(domain, ReadRoutesAsync, cancellationToken);

    /// <summary>Forgets everything: an address or a route has changed.</summary>
    public void Forget()
    {
        _inboxes.Clear();
        _routes.Clear();
    }

    private async Task<bool> FindInboxAsync(Address address, CancellationToken cancellationToken) =>
        await state.Addresses.FindAsync(address, cancellationToken) is not null;

    private async Task<IReadOnlyList<Route>> ReadRoutesAsync(string domain, CancellationToken cancellationToken)
    {
        List<Route> routes = [];
        foreach (RouteRecord record in await state.Routes.ListAsync(domain, cancellationToken))
        {
            if (record.Enabled && Address.TryParse(record.TargetAddress, out Address? target)) routes.Add(new Route(record.Pattern, target));
        }

        return routes;
    }
}
