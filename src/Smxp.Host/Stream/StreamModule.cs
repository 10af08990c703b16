namespace Smxp.Host.Stream;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class StreamModule
{
    public static IServiceCollection AddStream(this IServiceCollection services) => services;

    public static void MapStream(this IEndpointRouteBuilder routes)
    {
    }
}
