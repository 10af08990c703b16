namespace Smxp.Host.Errors;

/// <summary>What this folder adds to the host: one shape for every error, the framework's own included.</summary>
internal static class ErrorsModule
{
    public static IServiceCollection AddErrors(this IServiceCollection services)
    {
        // A body that does not bind is thrown rather than answered bare, so that the answer can say what is wrong with it.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    public static void UseErrors(this IApplicationBuilder app) => app.UseMiddleware<ErrorMiddleware>();
}
