namespace Smxp.Host.Federation;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class FederationModule
{
    public static IServiceCollection AddFederation(this IServiceCollection services) => services;

    public static void MapFederation(this IEndpointRouteBuilder routes)
    {
    }
}
