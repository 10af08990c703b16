using Smxp.Plugins.Host;

namespace Smxp.Host.Blobs;

/// <summary>What this folder adds to the host: its services and its routes.</summary>
internal static class BlobsModule
{
    public static IServiceCollection AddBlobs(this IServiceCollection services) => services
        .AddSingleton<TemporaryFiles>()
        .AddSingleton<BlobLocks>()
        .AddSingleton<BlobUploads>()
        .AddSingleton<BlobAccess>()
        .AddSingleton<RemoteBlobs>()
        .AddSingleton<SharedFiles>()
        .AddSingleton<IBlobs, BridgeBlobs>()
        .AddHostedService<AbandonedUploads>();

    public static void MapBlobs(this IEndpointRouteBuilder routes)
    {
        routes.MapUploads();
        routes.MapBlobTokens();
        routes.MapDownloads();
        routes.MapSharedFiles();
    }
}
