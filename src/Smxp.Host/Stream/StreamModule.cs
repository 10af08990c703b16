namespace Smxp.Host.Stream;

/// <summary>What this folder adds to the host: the live stream of a mailbox, which misses nothing and repeats nothing.</summary>
internal static class StreamModule
{
    public static IServiceCollection AddStream(this IServiceCollection services) => services.AddSingleton<StreamHub>();

    public static void MapStream(this IEndpointRouteBuilder routes) => routes.MapEvents();
}
