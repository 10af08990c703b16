namespace Smxp.Host.Delegations;

/// <summary>What this folder adds to the host: its services and its routes. Delegations let one address act for another: here, and between servers by requests that the delegate's domain signs.</summary>
internal static class DelegationsModule
{
    public static IServiceCollection AddDelegations(this IServiceCollection services) => services
        .AddSingleton<DelegationPolicy>()
        .AddSingleton<RemoteRequestCheck>()
        .AddSingleton<RemoteRequestSigner>()
        .AddSingleton<IRemoteSender, RemoteSender>()
        .AddSingleton<IRemoteMailbox, RemoteMailbox>();

    public static void MapDelegations(this IEndpointRouteBuilder routes)
    {
        routes.MapDelegationList();
        routes.MapDelegateSend();
        routes.MapDelegateCall();
    }
}
