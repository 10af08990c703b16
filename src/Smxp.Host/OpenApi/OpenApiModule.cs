using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Smxp.Host.OpenApi;

/// <summary>What this folder adds to the host: the API's description at <c>/openapi/json</c> and a page to read and try it at <c>/openapi</c> (SMXP §8). Both are made when first asked for.</summary>
internal static class OpenApiModule
{
    private const string Document = "v1";

    // The page's script is served from here and inlines its styles; it may talk to this server and to nobody else.
    private const string PagePolicy = "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new OpenApiInfo { Title = "SMXP server", Version = "1.0", Description = "The client, federation and admin API of this server. Errors are {\"error\": \"…\"}." };
            SecuritySchemes.Declare(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            SecuritySchemes.Require(operation, context);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/json").ExcludeFromDescription();
        routes.MapScalarApiReference("/openapi", (options, context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = PagePolicy;
            options.WithTitle("SMXP server").WithOpenApiRoutePattern("/openapi/json");
            // Nothing of the page may come from, or go to, anywhere else: it works without the internet.
            options.DefaultFonts = false;
            options.Telemetry = false;
        }).ExcludeFromDescription();
    }
}
