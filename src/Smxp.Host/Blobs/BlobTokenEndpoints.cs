using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Auth;
using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Blobs;

/// <summary>The tokens of one's blobs (SMXP §10): made, listed and ended by the blob's owner.</summary>
internal static class BlobTokenEndpoints
{
    private const int MaxRecipientLength = 320;

    public static void MapBlobTokens(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/.smxp/blobs/{id}/tokens").RequireCaller().WithTags("Blobs").LimitBody(BodyLimit.Small);
        group.MapPost("/", CreateAsync).WithSummary("Make a token that opens a blob; its text is shown this once");
        group.MapGet("/", ListAsync).WithSummary("List a blob's tokens");
        group.MapDelete("/{tokenId}", DeleteAsync).WithSummary("End a token");
    }

    private static async Task<Results<JsonHttpResult<Created>, Rejection>> CreateAsync(
        string id, CreateRequest? request, Caller caller, BlobUploads uploads, IStateStore state, TimeProvider time, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        if (request?.Recipient is { Length: > MaxRecipientLength }) return Rejection.Malformed($"recipient has at most {MaxRecipientLength} characters");
        if (request?.ExpiresAt <= now) return Rejection.Malformed("expires_at is in the past");
        var (blob, rejection) = await uploads.FindAsync(caller.Address, id, cancellationToken);
        if (blob is null) return rejection!;
        if (blob.FinalizedAt is null) return Rejection.Malformed("blob not ready");

        string text = BlobNames.NewToken();
        var token = new BlobToken(BlobNames.NewTokenId(), id, BlobNames.HashOf(text)!, request?.Recipient, now, request?.ExpiresAt);
        await state.Blobs.Tokens.AddAsync([token], cancellationToken);
        return TypedResults.Json(new Created(text, token.Id, id, token.Recipient, token.ExpiresAt), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<Results<Ok<TokenList>, Rejection>> ListAsync(
        string id, Caller caller, BlobUploads uploads, IStateStore state, CancellationToken cancellationToken)
    {
        var (blob, rejection) = await uploads.FindAsync(caller.Address, id, cancellationToken);
        if (blob is null) return rejection!;
        var tokens = await state.Blobs.Tokens.ListAsync(id, cancellationToken);
        return TypedResults.Ok(new TokenList([.. tokens.Select(token => new TokenView(token.Id, token.Recipient, token.CreatedAt, token.ExpiresAt))]));
    }

    private static async Task<Results<Ok<StatusOf>, Rejection>> DeleteAsync(
        string id, string tokenId, Caller caller, BlobUploads uploads, IStateStore state, CancellationToken cancellationToken)
    {
        var (blob, rejection) = await uploads.FindAsync(caller.Address, id, cancellationToken);
        if (blob is null) return rejection!;
        return await state.Blobs.Tokens.RemoveAsync(id, tokenId, cancellationToken) ? TypedResults.Ok(new StatusOf("revoked", tokenId)) : Rejection.NotFound("token");
    }

    private sealed record CreateRequest(string? Recipient, long? ExpiresAt);

    private sealed record Created(string Token, string Id, string BlobId, string? Recipient, long? ExpiresAt);

    private sealed record TokenList(IReadOnlyList<TokenView> Tokens);

    private sealed record TokenView(string Id, string? Recipient, long CreatedAt, long? ExpiresAt);
}
