namespace Smxp.Host.Bridges;

/// <summary>What this folder adds to the host: a door through which callers reach what a bridge has to say.</summary>
internal static class BridgesModule
{
    public static IServiceCollection AddBridgeApi(this IServiceCollection services) => services.AddSingleton<BridgeDoor>();

    public static void MapBridgeApi(this IEndpointRouteBuilder routes) => routes.MapMailboxBridges();
}
