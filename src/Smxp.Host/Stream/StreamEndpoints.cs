using Microsoft.AspNetCore.Http.Features;
using Smxp.Host.Auth;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Stream;

/// <summary>The stream of a mailbox (SMXP §9).</summary>
internal static class StreamEndpoints
{
    private const int LongestEventId = 256;

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        // A browser's EventSource can send no header: here alone a token may stand in the query (SMXP §8).
        routes.MapGet("/.smxp/stream", OpenAsync).Produces<string>(StatusCodes.Status200OK, "text/event-stream").RequireCaller(allowQueryToken: true).DisableRequestTimeout()
            .WithTags("Stream").WithSummary("Follows a mailbox as Server-Sent Events")
            .WithDescription("Last-Event-ID replays everything since that event; where a client can send no header, last_event_id and token may stand in the query.");

    private static Task OpenAsync(HttpContext context, Caller caller, IMessageStore store, IEventBus events, TokenService tokens, StreamHub hub, TimeProvider time)
    {
        string? lastEventId = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : context.Request.Query["last_event_id"].ToString();
        if (lastEventId is { Length: 0 or > LongestEventId }) lastEventId = lastEventId.Length == 0 ? null : "";
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        return new StreamSession(caller, store, events, tokens, hub, time).RunAsync(context, lastEventId);
    }
}
