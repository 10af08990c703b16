using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Errors;
using Smxp.Plugins.Host;

namespace Smxp.Host.Blobs;

/// <summary>Fetching a shared file by its link: decrypted and checked here, for a browser that can do neither.</summary>
internal static class SharedFileEndpoints
{
    private const string Unknown = "application/octet-stream";

    public static void MapSharedFiles(this IEndpointRouteBuilder routes) =>
        routes.MapGet($"{SharedFiles.Path}/{{token}}", DownloadAsync).DisableRequestTimeout().WithTags("Blobs").WithSummary("Fetch a file that was shared by link");

    private static async Task<Results<FileStreamHttpResult, Rejection>> DownloadAsync(string token, SharedFiles files, IBlobs blobs, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await files.FindAsync(token, cancellationToken) is not { } attachment) return Rejection.NotFound("file");
        if (await blobs.OpenAsync(attachment, cancellationToken) is not { } content) return Rejection.NotFound("file");
        // Strangers' bytes from our own origin: saved to disk, never shown.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.CacheControl = "private, no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Stream(content, Unknown, attachment.Name ?? attachment.BlobId);
    }
}
