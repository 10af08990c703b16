namespace Smxp.Host.Domains;

/// <summary>What this folder adds to the host: its services. Domains have no routes of their own; the admin API changes them, federation publishes their keys.</summary>
internal static class DomainsModule
{
    public static IServiceCollection AddDomains(this IServiceCollection services) => services
        .AddSingleton<IDirectoryChanges, DirectoryChanges>()
        .AddSingleton<IKeyRing, KeyRing>()
        .AddSingleton<DomainService>()
        .AddSingleton<DomainVerification>()
        .AddHostedService<MissingKeys>();

    public static void MapDomains(this IEndpointRouteBuilder routes)
    {
    }
}
