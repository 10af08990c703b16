namespace Smxp.Host.Account;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class AccountModule
{
    public static IServiceCollection AddAccount(this IServiceCollection services) => services.AddSingleton<PasswordService>();

    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        routes.MapAccountInfo();
        routes.MapSessions();
    }
}
