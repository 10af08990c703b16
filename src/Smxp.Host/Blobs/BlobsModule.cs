namespace Smxp.Host.Blobs;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class BlobsModule
{
    public static IServiceCollection AddBlobs(this IServiceCollection services) => services;

    public static void MapBlobs(this IEndpointRouteBuilder routes)
    {
    }
}
