namespace Smxp.Host.Health;

/// <summary>What this folder adds to the host: whether the server can do its work, for load balancers and people (SMXP §6).</summary>
internal static class HealthModule
{
    public static IServiceCollection AddHealth(this IServiceCollection services) => services.AddSingleton<HealthCheck>();

    public static void MapHealth(this IEndpointRouteBuilder routes) => routes.MapHealthEndpoints();
}
