using Smxp.Host.Auth;
using Smxp.Host.Delegations;
using Smxp.Host.Errors;
using Smxp.Plugins.Bridge;

namespace Smxp.Host.Mail.Api;

/// <summary>The original of a message that a bridge brought in, as the other world sent it.</summary>
internal static class OriginalEndpoints
{
    public static void MapOriginals(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/.smxp/bridge").ActFor(DelegationScope.Read).RequireCaller().WithTags("Mail")
            .MapGet("/{bridge}/messages/{id}/original", OpenAsync).WithSummary("The original of a message that came from elsewhere");

    private static async Task<IResult> OpenAsync(Actor actor, string bridge, string id, IEnumerable<IBridge> bridges, HttpContext context, CancellationToken cancellationToken)
    {
        if (bridges.FirstOrDefault(candidate => candidate.Name == bridge) is not { } found) return Rejection.NotFound("bridge");
        if (await found.OpenOriginalAsync(actor.Mailbox, id, cancellationToken) is not { } original) return Rejection.NotFound("original");
        // Strangers wrote it: it is to be kept, not to be shown by a browser as one of our pages.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(original.Bytes, original.ContentType, $"{id}.eml");
    }
}
