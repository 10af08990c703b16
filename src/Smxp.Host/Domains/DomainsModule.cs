namespace Smxp.Host.Domains;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class DomainsModule
{
    public static IServiceCollection AddDomains(this IServiceCollection services) => services;

    public static void MapDomains(this IEndpointRouteBuilder routes)
    {
    }
}
