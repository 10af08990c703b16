namespace Smxp.Host.Delivery;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class DeliveryModule
{
    public static IServiceCollection AddDelivery(this IServiceCollection services) => services;

    public static void MapDelivery(this IEndpointRouteBuilder routes)
    {
    }
}
