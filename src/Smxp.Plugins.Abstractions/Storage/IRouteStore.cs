namespace Smxp.Plugins.Storage;

/// <summary>Routes: what reaches a pattern in a domain is passed on to a target (SMXP §11).</summary>
public interface IRouteStore
{
    /// <summary>The routes of a domain, by descending priority, then age.</summary>
    Task<IReadOnlyList<RouteRecord>> ListAsync(string domain, CancellationToken cancellationToken);

    /// <summary>One route, or null.</summary>
    Task<RouteRecord?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Adds a route, or replaces the one of the same id.</summary>
    Task PutAsync(RouteRecord route, CancellationToken cancellationToken);

    /// <summary>Removes a route; false where it does not exist.</summary>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A route.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Domain">The domain it belongs to.</param>
/// <param name="Pattern">The local part it matches; <c>*</c> stands for any run of characters.</param>
/// <param name="TargetAddress">Where it leads.</param>
/// <param name="Priority">Higher first.</param>
/// <param name="Enabled">Whether it is in use.</param>
/// <param name="CreatedAt">Unix seconds.</param>
public sealed record RouteRecord(string Id, string Domain, string Pattern, string TargetAddress, int Priority, bool Enabled, long CreatedAt);
