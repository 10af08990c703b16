using Smxp.Host.Domains;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Admin;

/// <summary>A route as somebody wants it.</summary>
internal sealed record RouteDraft(string Domain, string? Pattern, string? TargetAddress, int Priority, bool Enabled);

/// <summary>Checks and keeps routes (SMXP §11).</summary>
internal sealed class RouteBook(IStateStore state, IDirectoryChanges changes, TimeProvider time)
{
    private const int MaxPatternLength = 64;
    private const int MaxTargetLength = 320;

    /// <summary>Adds routes of one domain; all are checked before the first is written.</summary>
    public async Task<(IReadOnlyList<RouteRecord> Added, Rejection? Rejection)> AddAsync(IReadOnlyList<RouteDraft> drafts, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var routes = new List<RouteRecord>();
        foreach (var draft in drafts)
        {
            var (route, rejection) = await CheckAsync(Guid.CreateVersion7(now).ToString(), draft, now.ToUnixTimeSeconds(), cancellationToken);
            if (rejection is not null) return ([], rejection);
            routes.Add(route!);
        }

        foreach (var route in routes) await state.Routes.PutAsync(route, cancellationToken);
        foreach (string domain in routes.Select(route => route.Domain).Distinct()) changes.Notify(domain);
        return (routes, null);
    }

    /// <summary>Changes a route.</summary>
    public async Task<(RouteRecord? Changed, Rejection? Rejection)> ChangeAsync(RouteRecord existing, RouteDraft draft, CancellationToken cancellationToken)
    {
        var (route, rejection) = await CheckAsync(existing.Id, draft, existing.CreatedAt, cancellationToken);
        if (rejection is not null) return (null, rejection);
        await state.Routes.PutAsync(route!, cancellationToken);
        changes.Notify(existing.Domain);
        return (route, null);
    }

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (await state.Routes.FindAsync(id, cancellationToken) is not { } route || !await state.Routes.RemoveAsync(id, cancellationToken)) return false;
        changes.Notify(route.Domain);
        return true;
    }

    private async Task<(RouteRecord? Route, Rejection? Rejection)> CheckAsync(string id, RouteDraft draft, long createdAt, CancellationToken cancellationToken)
    {
        string pattern = draft.Pattern?.Trim().ToLowerInvariant() ?? "";
        if (!Address.IsPattern(pattern) || pattern.Length > MaxPatternLength)
            return (null, Rejection.Malformed("pattern must be a local part of a-z 0-9 . _ + - in which * stands for anything"));
        if (draft.TargetAddress is not { Length: <= MaxTargetLength } || !Address.TryParse(draft.TargetAddress, out var target))
            return (null, Rejection.Malformed("target_address must be an address"));
        if (await LeadsToItselfAsync(draft.Domain, pattern, target, cancellationToken))
            return (null, Rejection.Malformed("the route would lead to itself"));
        return (new RouteRecord(id, draft.Domain, pattern, target.ToString(), draft.Priority, draft.Enabled, createdAt), null);
    }

    /// <summary>A catch-all may lead to an inbox that its pattern matches too, for mail stops there; where there is no inbox it would go round.</summary>
    private async Task<bool> LeadsToItselfAsync(string domain, string pattern, Address target, CancellationToken cancellationToken) =>
        target.Domain == domain
        && Matches(pattern, target.Local)
        && (pattern == target.Local || await state.Addresses.FindAsync(target, cancellationToken) is null);

    private static bool Matches(string pattern, string text) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}
