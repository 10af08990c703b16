using Smxp.Host.Auth;
using Smxp.Host.Configuration;
using Smxp.Host.Delegations;
using Smxp.Host.Mail.Api;

namespace Smxp.Host.Bridges;

/// <summary>The bridges' own APIs: for a mailbox below <c>/.smxp/bridge/</c>, for the administrator below <c>/.smxp/admin/bridge/</c>. What there is says each bridge.</summary>
internal static class BridgeEndpoints
{
    private const string Pattern = "/{bridge}/{**path}";
    private static readonly string[] Reading = [HttpMethods.Get];
    private static readonly string[] Writing = [HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete];

    public static void MapMailboxBridges(this IEndpointRouteBuilder routes)
    {
        Map(DelegationScope.Read, Reading, "What a bridge knows of a mailbox");
        Map(DelegationScope.Manage, Writing, "Has a bridge do something with a mailbox");

        void Map(string scope, string[] methods, string summary) =>
            routes.MapGroup("/.smxp/bridge").ActFor(scope).RequireCaller().WithTags("Bridges").LimitBody(BodyLimit.Medium).MapMethods(Pattern, methods, CallAsync).WithSummary(summary);
    }

    public static void MapAdminBridges(this IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder group = admin.MapGroup("/bridge").LimitBody(BodyLimit.Medium);
        group.MapGet("/", (BridgeDoor door) => TypedResults.Ok(new BridgeList([.. door.Names]))).WithSummary("The bridges in use");
        group.MapMethods(Pattern, Reading, CallAsAdminAsync).WithSummary("What a bridge knows");
        group.MapMethods(Pattern, Writing, CallAsAdminAsync).WithSummary("Has a bridge do something");
    }

    private static Task<IResult> CallAsync(Actor actor, string bridge, string? path, BridgeDoor door, HttpContext context) => door.CallAsync(bridge, path, actor.Mailbox, context);

    private static Task<IResult> CallAsAdminAsync(string bridge, string? path, BridgeDoor door, HttpContext context) => door.CallAsync(bridge, path, null, context);

    private sealed record BridgeList(IReadOnlyList<string> Bridges);
}
