namespace Smxp.Host.Auth;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class AuthModule
{
    public static IServiceCollection AddAuth(this IServiceCollection services) => services
        .AddSingleton<PasswordHasher>()
        .AddSingleton<SignInThrottle>()
        .AddSingleton<CallerCache>()
        .AddSingleton<LastUsed>()
        .AddSingleton<TokenService>()
        .AddSingleton<SessionRefresh>()
        .AddSingleton<Authenticator>()
        .AddHostedService<TokenUpkeep>();

    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
        routes.MapSignIn();
        routes.MapApiKeys();
    }
}
