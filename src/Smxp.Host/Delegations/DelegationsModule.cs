namespace Smxp.Host.Delegations;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class DelegationsModule
{
    public static IServiceCollection AddDelegations(this IServiceCollection services) => services.AddSingleton<DelegationPolicy>();

    public static void MapDelegations(this IEndpointRouteBuilder routes) => routes.MapDelegationList();
}
