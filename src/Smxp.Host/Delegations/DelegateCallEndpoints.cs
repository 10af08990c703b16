using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Smxp.Host.Auth;
using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Delegations;

/// <summary><c>POST /.smxp/delegate-call</c>: a delegate's server has this one, the owner's, run a request of the mail API as the owner (SMXP §6).</summary>
internal static class DelegateCallEndpoints
{
    private const int LongestNonce = 128;

    public static void MapDelegateCall(this IEndpointRouteBuilder routes)
    {
        var pipeline = new Lazy<RequestDelegate>(() => OwnPipeline(routes));
        routes.MapPost("/.smxp/delegate-call", context => CallAsync(context, pipeline)).LimitBody(BodyLimit.None).WithTags("Federation").WithSummary("Use the mail API as an owner here, by another server's delegate");
    }

    private static async Task CallAsync(HttpContext context, Lazy<RequestDelegate> pipeline)
    {
        RemoteRequestCheck check = context.RequestServices.GetRequiredService<RemoteRequestCheck>();
        (Rejection? rejection, RemoteRequest? request) = await check.ReadAsync(context, "owner", "delegate");
        ResolvedCall? call = null;
        if (rejection is null) (rejection, call) = Resolve(request!);
        rejection ??= await check.AuthoriseAsync(request!, call!.Scope, "delegate-call", context.RequestAborted, SignedRequest.DelegateCallOrder);
        if (rejection is not null)
        {
            await rejection.ExecuteAsync(context);
            return;
        }
        Become(context, request!, call!);
        await pipeline.Value(context);
    }

    private static (Rejection? Rejection, ResolvedCall? Call) Resolve(RemoteRequest request)
    {
        SignedRequest signed = request.Signed;
        if (signed.GetText("method") is not { } method || signed.GetText("path") is not { } path) return (Rejection.Malformed("method and path must be strings"), null);
        if (signed.GetText("nonce") is not { Length: > 0 and <= LongestNonce }) return (Rejection.Malformed("nonce must be a string"), null);
        if (!signed.TryGetOptionalText("query", out string? query)) return (Rejection.Malformed("query must be a string"), null);
        if (!DelegateCallScope.TryResolve(method, path, out PathString resolved, out string? scope)) return (Rejection.Forbidden("no delegation allows this request"), null);
        QueryString search = QueryString.Create(QueryHelpers.ParseQuery(query).SelectMany(item => item.Value, (item, value) => KeyValuePair.Create(item.Key, value)));
        JsonElement? body = signed.Body.TryGetProperty("body", out JsonElement given) && given.ValueKind != JsonValueKind.Null ? given : null;
        if (body is { ValueKind: not JsonValueKind.Object }) return (Rejection.Malformed("body must be an object"), null);
        // A delegation is not handed on: whoever the owner may act for, the delegate may not.
        bool reachesFurther = QueryHelpers.ParseQuery(query).Keys.Any(IsOnBehalf)
            || (body?.EnumerateObject().Any(member => IsOnBehalf(member.Name) || (IsFrom(member.Name) && !IsOwner(member.Value, request.Owner))) ?? false);
        return reachesFurther ? (Rejection.Forbidden("a delegate acts for the owner alone"), null) : (null, new ResolvedCall(method, resolved, search, body, scope));
    }

    // The request that is run is made of nothing but what was signed: no header of the peer's gets through.
    private static void Become(HttpContext context, RemoteRequest request, ResolvedCall call)
    {
        byte[] body = call.Body is { } json ? JsonMarshal.GetRawUtf8Value(json).ToArray() : [];
        HttpRequest inner = context.Request;
        inner.Headers.Clear();
        (inner.Method, inner.Path, inner.QueryString) = (call.Method, call.Path, call.Query);
        inner.Body = new MemoryStream(body, writable: false);
        inner.ContentLength = body.Length;
        if (body.Length > 0) inner.ContentType = "application/json";
        inner.RouteValues.Clear();
        context.SetEndpoint(null);
        var token = new TokenRecord("delegate-call", request.Owner, TokenKind.Session, [], null, request.Timestamp, null, null);
        context.Features.Set(new Caller(request.Owner, token) { Delegate = request.Delegate });
    }

    // Routing of its own over the same endpoints, for requests that have been routed once already.
    private static RequestDelegate OwnPipeline(IEndpointRouteBuilder routes)
    {
        IApplicationBuilder application = routes.CreateApplicationBuilder();
        application.UseRouting();
        application.UseEndpoints(endpoints =>
        {
            foreach (EndpointDataSource source in routes.DataSources) endpoints.DataSources.Add(source);
        });
        return application.Build();
    }

    private static bool IsOnBehalf(string name) => name.Replace("_", "", StringComparison.Ordinal).Equals("onbehalfof", StringComparison.OrdinalIgnoreCase);

    private static bool IsFrom(string name) => name.Equals("from", StringComparison.OrdinalIgnoreCase);

    private static bool IsOwner(JsonElement value, Address owner)
    {
        if (value.ValueKind == JsonValueKind.Null) return true;
        try
        {
            return value.ValueKind == JsonValueKind.String && Address.TryParse(value.GetString(), out Address? from) && from == owner;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private sealed record ResolvedCall(string Method, PathString Path, QueryString Query, JsonElement? Body, string Scope);
}
