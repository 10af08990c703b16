using Smxp.Host.Auth;
using Smxp.Host.Domains;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Admin;

/// <summary>Inboxes and forwarding addresses as the operator sees them. An address that forwards is a set of routes with its alias as their pattern, and no inbox.</summary>
internal sealed class AddressBook(IStateStore state, RouteBook routes, PasswordHasher passwords, IDirectoryChanges changes, TimeProvider time)
{
    private const int MaxAliasLength = 64; // RFC 5321 §4.5.3.1.1: so that every address can be an email address too.
    private static readonly Rejection Exists = Rejection.Conflict("address already exists");
    private static readonly Rejection NoDomain = new(StatusCodes.Status404NotFound, "domain does not exist");

    public static string NormalizeAlias(string alias) => alias.Trim().ToLowerInvariant();

    public async Task<IReadOnlyList<AddressView>> ListAsync(string? domain, CancellationToken cancellationToken)
    {
        var inboxes = (await state.Addresses.ListAsync(domain, cancellationToken)).Select(View).ToList();
        var taken = inboxes.Select(inbox => inbox.Address).ToHashSet(StringComparer.Ordinal);
        string[] domains = domain is null ? [.. (await state.Domains.ListAsync(cancellationToken)).Select(each => each.Name)] : [domain];
        foreach (string each in domains)
        {
            var forwards = (await state.Routes.ListAsync(each, cancellationToken)).GroupBy(route => route.Pattern, StringComparer.Ordinal).Select(View);
            inboxes.AddRange(forwards.Where(forward => !taken.Contains(forward.Address)));
        }

        return [.. inboxes.OrderBy(address => address.Domain, StringComparer.Ordinal).ThenBy(address => address.Alias, StringComparer.Ordinal)];
    }

    public async Task<AddressView?> FindAsync(string domain, string alias, CancellationToken cancellationToken)
    {
        if (await FindInboxAsync(domain, alias, cancellationToken) is { } inbox) return View(inbox);
        return (await RoutesOfAsync(domain, alias, cancellationToken)).GroupBy(route => route.Pattern, StringComparer.Ordinal).Select(View).FirstOrDefault();
    }

    public async Task<(AddressView? Added, Rejection? Rejection)> AddInboxAsync(string domain, string alias, string? password, CancellationToken cancellationToken)
    {
        if (!Address.IsAlias(alias) || alias.Length > MaxAliasLength) return (null, Rejection.Malformed("invalid alias"));
        if (password is not null && PasswordHasher.Validate(password) is { } problem) return (null, Rejection.Malformed(problem));
        if (await state.Domains.FindAsync(domain, cancellationToken) is null) return (null, NoDomain);
        if (await FindInboxAsync(domain, alias, cancellationToken) is not null) return (null, Exists);

        string? hash = null;
        if (password is not null && (hash = await passwords.HashAsync(password, cancellationToken)) is null) return (null, Rejection.Unavailable);
        var record = new AddressRecord(Address.Parse($"{alias}@{domain}"), hash, time.GetUtcNow().ToUnixTimeSeconds());
        if (!await state.Addresses.AddAsync(record, cancellationToken)) return (null, Exists);
        changes.Notify(domain);
        return (View(record), null);
    }

    public async Task<(AddressView? Added, Rejection? Rejection)> AddForwardAsync(
        string domain, string alias, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        if (!Address.IsPattern(alias) || alias.Length > MaxAliasLength) return (null, Rejection.Malformed("invalid alias"));
        if (targets.Count == 0) return (null, Rejection.Malformed("forward_to is required for forward addresses"));
        if (await state.Domains.FindAsync(domain, cancellationToken) is null) return (null, NoDomain);
        if (await FindAsync(domain, alias, cancellationToken) is not null) return (null, Exists);

        var drafts = targets.Distinct(StringComparer.OrdinalIgnoreCase).Select(target => new RouteDraft(domain, alias, target, Priority: 0, Enabled: true)).ToList();
        var (added, rejection) = await routes.AddAsync(drafts, cancellationToken);
        return rejection is null ? (View(added.GroupBy(route => route.Pattern, StringComparer.Ordinal).Single()), null) : (null, rejection);
    }

    public async Task<bool> RemoveAsync(string domain, string alias, CancellationToken cancellationToken)
    {
        bool removed = await FindInboxAsync(domain, alias, cancellationToken) is { } inbox
            ? await state.Addresses.RemoveAsync(inbox.Address, cancellationToken)
            : await RemoveRoutesAsync(domain, alias, cancellationToken);
        if (removed) changes.Notify(domain);
        return removed;
    }

    private async Task<bool> RemoveRoutesAsync(string domain, string alias, CancellationToken cancellationToken)
    {
        var found = await RoutesOfAsync(domain, alias, cancellationToken);
        foreach (var route in found) await state.Routes.RemoveAsync(route.Id, cancellationToken);
        return found.Count > 0;
    }

    private async Task<AddressRecord?> FindInboxAsync(string domain, string alias, CancellationToken cancellationToken) =>
        Address.IsAlias(alias) ? await state.Addresses.FindAsync(Address.Parse($"{alias}@{domain}"), cancellationToken) : null;

    private async Task<IReadOnlyList<RouteRecord>> RoutesOfAsync(string domain, string alias, CancellationToken cancellationToken) =>
        [.. (await state.Routes.ListAsync(domain, cancellationToken)).Where(route => route.Pattern == alias)];

    private static AddressView View(AddressRecord inbox) =>
        new(inbox.Address.ToString(), inbox.Address.Domain, inbox.Address.Local, "inbox", inbox.CreatedAt);

    private static AddressView View(IGrouping<string, RouteRecord> routes)
    {
        string domain = routes.First().Domain;
        return new AddressView($"{routes.Key}@{domain}", domain, routes.Key, "forward", routes.Min(route => route.CreatedAt))
        {
            ForwardTo = [.. routes.Select(route => route.TargetAddress)],
        };
    }
}
