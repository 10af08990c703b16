using Smxp.Host.Configuration;

namespace Smxp.Host.Delivery;

/// <summary>What this folder adds to the host: the exits and the worker that carries the outbox through them. Other servers, and other worlds, are reached from here and nowhere else.</summary>
internal static class DeliveryModule
{
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddSingleton<Exits>().AddSingleton<Courier>().AddSingleton<Departures>().AddSingleton<FirstAttempts>().AddSingleton<NodeName>().AddSingleton<QueueControl>().AddSingleton<OutcomeListeners>();
        services.AddSingleton(static provider => new DestinationGate(provider.GetRequiredService<SmxpOptions>().Delivery.PerDestination));
        services.AddSingleton<OutboxWorker>().AddHostedService(static provider => provider.GetRequiredService<OutboxWorker>());
        services.AddHostedService<QueueGauge>();
        return services;
    }

    public static void MapDelivery(this IEndpointRouteBuilder routes)
    {
    }
}
