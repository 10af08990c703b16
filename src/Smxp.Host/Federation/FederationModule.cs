using Smxp.Plugins.Delivery;

namespace Smxp.Host.Federation;

/// <summary>What this folder adds to the host: its services and its routes. Federation is finding other servers by DNS, believing them by their keys, and exchanging signed envelopes with them.</summary>
internal static class FederationModule
{
    public static IServiceCollection AddFederation(this IServiceCollection services)
    {
        services.AddPeerHttp();
        return services
            .AddSingleton<ServiceLookup>()
            .AddSingleton<IPeerEndpoints, DnsPeerEndpoints>()
            .AddSingleton<FetchBudget>()
            .AddSingleton<KeyFetcher>()
            .AddSingleton<PeerKeys>()
            .AddSingleton<SignatureVerifier>()
            .AddSingleton<PeerPolicies>()
            .AddSingleton<ITransport, SmxpTransport>();
    }

    public static void MapFederation(this IEndpointRouteBuilder routes)
    {
        routes.MapReceive();
        routes.MapServerKey();
    }
}
