using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Auth;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Admin;

/// <summary>Routes (SMXP §8, §11).</summary>
internal static class RouteEndpoints
{
    public static void MapAdminRoutes(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/routes");
        group.MapGet("/{domain}", ListAsync).WithSummary("List a domain's routes");
        group.MapPost("/", AddAsync).WithSummary("Add a route");
        group.MapPut("/{id}", ChangeAsync).WithSummary("Change a route; members left out stay as they are");
        group.MapDelete("/{id}", DeleteAsync).WithSummary("Remove a route");
    }

    private static async Task<Results<Ok<RouteList>, Rejection>> ListAsync(string domain, IStateStore state, CancellationToken cancellationToken)
    {
        if (!DomainName.TryNormalize(domain, out string? name) || await state.Domains.FindAsync(name, cancellationToken) is null) return Rejection.NotFound("domain");
        var routes = await state.Routes.ListAsync(name, cancellationToken);
        return TypedResults.Ok(new RouteList([.. routes.Select(RouteView.Of)]));
    }

    private static async Task<Results<JsonHttpResult<One>, Rejection>> AddAsync(
        RouteRequest request, RouteBook book, IStateStore state, CancellationToken cancellationToken)
    {
        if (!DomainName.TryNormalize(request.Domain, out string? domain)) return Rejection.Malformed("invalid domain");
        if (await state.Domains.FindAsync(domain, cancellationToken) is null) return Rejection.NotFound("domain");
        var draft = new RouteDraft(domain, request.Pattern, request.TargetAddress, request.Priority ?? 0, request.Enabled ?? true);
        var (added, rejection) = await book.AddAsync([draft], cancellationToken);
        return rejection is null ? TypedResults.Json(new One(RouteView.Of(added[0])), statusCode: StatusCodes.Status201Created) : rejection;
    }

    private static async Task<Results<Ok<One>, Rejection>> ChangeAsync(
        string id, RouteRequest request, RouteBook book, IStateStore state, CancellationToken cancellationToken)
    {
        if (await state.Routes.FindAsync(id, cancellationToken) is not { } route) return Rejection.NotFound("route");
        var draft = new RouteDraft(
            route.Domain, request.Pattern ?? route.Pattern, request.TargetAddress ?? route.TargetAddress, request.Priority ?? route.Priority, request.Enabled ?? route.Enabled);
        var (changed, rejection) = await book.ChangeAsync(route, draft, cancellationToken);
        return rejection is null ? TypedResults.Ok(new One(RouteView.Of(changed!))) : rejection;
    }

    private static async Task<Results<Ok<StatusOf>, Rejection>> DeleteAsync(string id, RouteBook book, CancellationToken cancellationToken) =>
        await book.RemoveAsync(id, cancellationToken) ? TypedResults.Ok(new StatusOf("deleted", id)) : Rejection.NotFound("route");

    private sealed record RouteRequest(
        string? Domain, string? Pattern, string? TargetAddress, int? Priority, [property: JsonConverter(typeof(SwitchConverter))] bool? Enabled);

    private sealed record RouteList(IReadOnlyList<RouteView> Routes);

    private sealed record One(RouteView Route);

    private sealed record RouteView(
        string Id, string Domain, string Pattern, string TargetAddress, int Priority, [property: JsonConverter(typeof(SwitchConverter))] bool Enabled, long CreatedAt)
    {
        public static RouteView Of(RouteRecord route) =>
            new(route.Id, route.Domain, route.Pattern, route.TargetAddress, route.Priority, route.Enabled, route.CreatedAt);
    }
}
