namespace Smxp.Host.Memory;

/// <summary>What this folder adds to the host: an idle server that is small.</summary>
internal static class MemoryModule
{
    public static IServiceCollection AddMemory(this IServiceCollection services) => services.AddHostedService<IdleCollector>();
}
