using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Blobs;

/// <summary>Fetching a blob with a token or as its owner (SMXP §10). Other servers and browsers come here with nothing but the token.</summary>
internal static class DownloadEndpoints
{
    public static void MapDownloads(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/.smxp/blobs/{id}", [HttpMethods.Get, HttpMethods.Head], DownloadAsync).DisableRequestTimeout().WithTags("Blobs").WithSummary("Fetch a blob, whole or in ranges");

    private static async Task<Results<BlobDownload, Rejection>> DownloadAsync(
        string id, HttpRequest request, BlobAccess access, IBlobStore store, CancellationToken cancellationToken)
    {
        var (allowed, blob) = await access.FindAsync(request, id, cancellationToken);
        if (!allowed) return Rejection.InvalidToken;
        return blob is null ? BlobUploads.NoBlob : new BlobDownload(blob, store);
    }
}
