using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Auth;
using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Blobs;

/// <summary>
/// Files beside messages (SMXP §10). Their owner uploads them in pieces and gives out tokens; whoever holds a token fetches them.
/// Every byte is streamed: neither an upload nor a download is ever held whole in memory.
/// </summary>
internal static class BlobEndpoints
{
    private const int MaxPage = 1000;

    public static void MapUploads(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/.smxp/blobs").RequireCaller().WithTags("Blobs");
        group.MapPost("/", CreateAsync).LimitBody(BodyLimit.Small).WithSummary("Announce an upload");
        group.MapPut("/{id}/chunk", AppendAsync).DisableRequestTimeout().LimitBody(BodyLimit.None).WithSummary("Send bytes, of any length, at the offset where the last ended");
        group.MapGet("/{id}/status", StatusAsync).WithSummary("How far an upload has come");
        group.MapPost("/{id}/finalize", FinalizeAsync).DisableRequestTimeout().WithSummary("Check the hash and complete the upload");
        group.MapGet("/", ListAsync).WithSummary("List one's blobs, newest first");
        group.MapDelete("/{id}", DeleteAsync).WithSummary("Delete a blob and its tokens");
    }

    private static async Task<Results<JsonHttpResult<Created>, Rejection>> CreateAsync(
        CreateRequest request, Caller caller, BlobUploads uploads, CancellationToken cancellationToken)
    {
        var (blob, rejection) = await uploads.CreateAsync(caller.Address, request.Size, request.Sha256, request.ContentType, request.Name, cancellationToken);
        return blob is null ? rejection! : TypedResults.Json(new Created(blob.Id, BlobCipher.DefaultChunkSize), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<Results<Ok<Received>, Rejection>> AppendAsync(
        string id, string? offset, Caller caller, BlobUploads uploads, HttpRequest request, CancellationToken cancellationToken)
    {
        long at = 0;
        if (offset is not null && !long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out at)) return Rejection.Malformed("invalid offset");
        var (received, rejection) = await uploads.AppendAsync(caller.Address, id, at, request.Body, request.ContentLength, cancellationToken);
        return rejection is null ? TypedResults.Ok(new Received(received)) : rejection;
    }

    private static async Task<Results<Ok<BlobView>, Rejection>> StatusAsync(string id, Caller caller, BlobUploads uploads, CancellationToken cancellationToken)
    {
        var (blob, rejection) = await uploads.FindAsync(caller.Address, id, cancellationToken);
        return blob is null ? rejection! : TypedResults.Ok(BlobView.Of(blob, await uploads.ReceivedAsync(blob, cancellationToken)));
    }

    private static async Task<Results<Ok<BlobView>, Rejection>> FinalizeAsync(string id, Caller caller, BlobUploads uploads, CancellationToken cancellationToken)
    {
        var (blob, rejection) = await uploads.FinalizeAsync(caller.Address, id, cancellationToken);
        return blob is null ? rejection! : TypedResults.Ok(BlobView.Of(blob, blob.Size));
    }

    private static async Task<Results<Ok<BlobList>, Rejection>> ListAsync(
        int? limit, string? before, Caller caller, IStateStore state, BlobUploads uploads, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxPage) return Rejection.Malformed($"limit must be 1 to {MaxPage}");
        int count = limit ?? MaxPage;
        var blobs = await state.Blobs.ListAsync(caller.Address, before, count, cancellationToken);
        var views = new List<BlobView>(blobs.Count);
        foreach (var blob in blobs) views.Add(BlobView.Of(blob, await uploads.ReceivedAsync(blob, cancellationToken)));
        return TypedResults.Ok(new BlobList(views, blobs.Count == count ? blobs[^1].Id : null));
    }

    private static async Task<Results<Ok<StatusOf>, Rejection>> DeleteAsync(string id, Caller caller, BlobUploads uploads, CancellationToken cancellationToken) =>
        await uploads.DeleteAsync(caller.Address, id, cancellationToken) is { } rejection ? rejection : TypedResults.Ok(new StatusOf("deleted", id));

    private sealed record CreateRequest(long? Size, string? Sha256, string? ContentType, string? Name);

    private sealed record Created(string BlobId, int ChunkSize);

    private sealed record Received([property: System.Text.Json.Serialization.JsonPropertyName("received")] long Bytes);

    /// <summary>One page; <c>next</c> is what to ask for <c>before</c> to get the one after it.</summary>
    private sealed record BlobList(IReadOnlyList<BlobView> Blobs, string? Next);
}
