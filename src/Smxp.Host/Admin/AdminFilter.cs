using System.Security.Cryptography;
using System.Text;
using Smxp.Host.Configuration;
using Smxp.Host.Errors;

namespace Smxp.Host.Admin;

/// <summary>Lets only the operator through: whoever sends the admin secret (SMXP §8).</summary>
internal static class AdminFilter
{
    private const string Scheme = "Bearer ";
    private static readonly Rejection NotConfigured = new(StatusCodes.Status503ServiceUnavailable, "admin API key is not configured");

    /// <summary>Guards endpoints; before anything of the request is read.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate ?? throw new InvalidOperationException("An endpoint without a handler cannot be guarded.");
            endpoint.Metadata.Add(new RequiresAdmin());
            endpoint.RequestDelegate = context =>
            {
                string secret = context.RequestServices.GetRequiredService<SmxpOptions>().AdminSecret;
                if (string.IsNullOrEmpty(secret)) return NotConfigured.ExecuteAsync(context);
                return IsRight(context.Request, secret) ? next(context) : Rejection.Unauthorized.ExecuteAsync(context);
            };
        });
        return builder;
    }

    /// <summary>Compares hashes, so that neither the secret's characters nor its length show in the time it takes.</summary>
    private static bool IsRight(HttpRequest request, string secret)
    {
        string? header = request.Headers.Authorization;
        string given = header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : request.Headers["X-Admin-Api-Key"].ToString();
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
    }
}

/// <summary>Marks an endpoint that needs the admin secret, for the API's description.</summary>
internal sealed record RequiresAdmin;
