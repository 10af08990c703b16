namespace Smxp.Host.Auth;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class AuthModule
{
    public static IServiceCollection AddAuth(this IServiceCollection services) => services;

    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
    }
}
