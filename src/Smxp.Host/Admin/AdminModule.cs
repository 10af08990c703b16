namespace Smxp.Host.Admin;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class AdminModule
{
    public static IServiceCollection AddAdmin(this IServiceCollection services) => services;

    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
    }
}
