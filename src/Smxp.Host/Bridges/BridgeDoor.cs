using System.Text.Json;
using Smxp.Host.Errors;
using Smxp.Plugins.Bridge;
using Smxp.Protocol;

namespace Smxp.Host.Bridges;

/// <summary>Leads a request to a bridge that answers calls: reads it into domain values, and says the answer in HTTP. The bridge sees no HTTP, and the host not what is meant.</summary>
internal sealed class BridgeDoor(IEnumerable<IBridge> bridges)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The bridges in use.</summary>
    public IEnumerable<string> Names => bridges.Select(static bridge => bridge.Name);

    /// <summary>Leads one request to a bridge.</summary>
    public async Task<IResult> CallAsync(string name, string? path, Address? mailbox, HttpContext context)
    {
        if (bridges.FirstOrDefault(candidate => candidate.Name == name) is not { } bridge) return Rejection.NotFound("bridge");
        if (bridge is not IBridgeApi api) return Rejection.NoRoute;
        (JsonElement? body, Rejection? rejection) = await ReadBodyAsync(context.Request, context.RequestAborted);
        if (rejection is not null) return rejection;
        var query = context.Request.Query.ToDictionary(static member => member.Key, static member => member.Value[^1] ?? "", StringComparer.Ordinal);
        return await CallAsync(api, new BridgeCall(context.Request.Method, (path ?? "").Trim('/'), query, body, mailbox), context.RequestAborted);
    }

    private static async Task<IResult> CallAsync(IBridgeApi api, BridgeCall call, CancellationToken cancellationToken)
    {
        try
        {
            BridgeAnswer answer = await api.AnswerAsync(call, cancellationToken);
            return answer.Kind switch
            {
                BridgeAnswerKind.Found => TypedResults.Content(answer.Body?.ToJsonString() ?? "null", "application/json; charset=utf-8"),
                BridgeAnswerKind.NotFound => new Rejection(StatusCodes.Status404NotFound, answer.Error ?? Rejection.NoRoute.Error),
                BridgeAnswerKind.Conflict => Rejection.Conflict(answer.Error ?? "conflict"),
                _ => Rejection.Malformed(answer.Error ?? "malformed request"),
            };
        }
        catch (JsonException e)
        {
            return Rejection.Malformed(FrameworkErrors.Describe(e));
        }
    }

    /// <summary>The body; nothing where there is none. One that is too long ends in the server's own refusal.</summary>
    private static async Task<(JsonElement? Body, Rejection? Rejection)> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is 0 || !request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>()!.CanHaveBody) return (null, null);
        if (!request.HasJsonContentType()) return (null, Rejection.NotJson);
        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(request.Body, Strict, cancellationToken);
            return (document.RootElement.Clone(), null);
        }
        catch (JsonException e)
        {
            return (null, Rejection.Malformed(FrameworkErrors.Describe(e)));
        }
    }
}
