using Smxp.Host.Configuration;

namespace Smxp.Host.Health;

/// <summary><c>GET /.smxp/health</c>: 200 only while every driver is reachable.</summary>
internal static class HealthEndpoints
{
    public static void MapHealthEndpoints(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/.smxp/health", GetAsync).WithTags("Server").WithSummary("Whether the server can do its work");

    private static async Task<IResult> GetAsync(HealthCheck health, SmxpOptions options, CancellationToken cancellationToken)
    {
        var report = await health.RunAsync(cancellationToken);
        return report.Problems.Count == 0
            ? TypedResults.Ok(new Healthy("ok", report.Domains, options.PublicPort))
            : TypedResults.Json(new Degraded("degraded", report.Problems), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private sealed record Healthy(string Status, IReadOnlyList<string> Domains, int Port);

    private sealed record Degraded(string Status, IReadOnlyList<string> Problems);
}
