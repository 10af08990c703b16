using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Smxp.Host.Http;

/// <summary>What pages of other origins may do, where configuration names them. Tokens travel in a header of the page's own, never in cookies, so no credentials are allowed.</summary>
internal static class CorsPolicy
{
    public static void Allow(CorsPolicyBuilder cors, string[] origins)
    {
        if (origins.Contains("*")) cors.AllowAnyOrigin();
        else cors.WithOrigins(origins);
        cors.AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("X-SMXP-Token-Refresh", "Content-Range", "Accept-Ranges", "Retry-After").SetPreflightMaxAge(TimeSpan.FromHours(1));
    }
}
