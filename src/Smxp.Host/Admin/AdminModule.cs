using Smxp.Host.Bridges;
using Smxp.Host.Configuration;

namespace Smxp.Host.Admin;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class AdminModule
{
    public static IServiceCollection AddAdmin(this IServiceCollection services) => services.AddSingleton<RouteBook>().AddSingleton<AddressBook>();

    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/.smxp/admin").RequireAdmin().WithTags("Admin").LimitBody(BodyLimit.Small);
        admin.MapAdminDomains();
        admin.MapAdminAddresses();
        admin.MapAdminRoutes();
        admin.MapAdminQueue();
        admin.MapAdminBridges();
    }
}
