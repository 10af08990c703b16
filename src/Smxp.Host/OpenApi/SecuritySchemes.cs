using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Smxp.Host.Admin;
using Smxp.Host.Auth;

namespace Smxp.Host.OpenApi;

/// <summary>Which token an operation wants, read from what guards its endpoint.</summary>
internal static class SecuritySchemes
{
    private const string Caller = "token";
    private const string Admin = "admin";

    public static void Declare(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Caller] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A session or an API key of an address." };
        document.Components.SecuritySchemes[Admin] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The admin secret." };
    }

    public static void Require(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var scheme = metadata.OfType<RequiresAdmin>().Any() ? Admin : metadata.OfType<RequiresCaller>().Any() ? Caller : null;
        if (scheme is null) return;
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] }];
    }
}
