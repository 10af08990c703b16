using Smxp.Host.Errors;

namespace Smxp.Host.Auth;

/// <summary>Lets only requests with a valid bearer token through, before anything of theirs is read, and hands the <see cref="Caller"/> to the handler.</summary>
internal static class CallerFilter
{
    /// <summary>Guards endpoints.</summary>
    /// <param name="builder">An endpoint or a group.</param>
    /// <param name="allowQueryToken">Whether <c>?token=</c> counts, for what browsers open without headers (SMXP §8: the stream).</param>
    public static TBuilder RequireCaller<TBuilder>(this TBuilder builder, bool allowQueryToken = false)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate ?? throw new InvalidOperationException("An endpoint without a handler cannot be guarded.");
            endpoint.Metadata.Add(new RequiresCaller());
            // Wrapped, not filtered: an endpoint filter runs after the body was bound, and Caller is bound from what this leaves behind.
            endpoint.RequestDelegate = context => InvokeAsync(context, next, allowQueryToken);
        });
        return builder;
    }

    private static async Task InvokeAsync(HttpContext context, RequestDelegate next, bool allowQueryToken)
    {
        // Features are the server's own: a caller that is there already was put there by delegate-call, which checked the signature and the delegation.
        if (context.Features.Get<Caller>() is not null)
        {
            await next(context);
            return;
        }

        var services = context.RequestServices;
        string? token = BearerToken.Read(context.Request, allowQueryToken);
        var caller = token is null ? null : await services.GetRequiredService<TokenService>().FindCallerAsync(token, context.RequestAborted);
        if (caller is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer"; // RFC 6750 §3
            await Rejection.Unauthorized.ExecuteAsync(context);
            return;
        }

        context.Features.Set(caller);
        await services.GetRequiredService<SessionRefresh>().OfferAsync(caller, context.Response, context.RequestAborted);
        await next(context);
    }
}

/// <summary>Marks an endpoint that needs a bearer token, for the API's description.</summary>
internal sealed record RequiresCaller;
