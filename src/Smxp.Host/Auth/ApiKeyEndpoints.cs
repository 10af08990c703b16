using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Auth;

/// <summary>API keys (SMXP §8): tokens for programs, without an end unless given one. Everybody sees and deletes only their own.</summary>
internal static class ApiKeyEndpoints
{
    private const int MaxNameLength = 200;

    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/.smxp/auth/apikeys").RequireCaller().WithTags("Auth").LimitBody(BodyLimit.Small);
        group.MapPost("/", CreateAsync).WithSummary("Make an API key; its text is shown this once");
        group.MapGet("/", ListAsync).WithSummary("List one's API keys");
        group.MapDelete("/{id}", DeleteAsync).WithSummary("Delete an API key");
    }

    private static async Task<Results<JsonHttpResult<CreatedKey>, Rejection>> CreateAsync(
        CreateRequest? request, Caller caller, TokenService tokens, TimeProvider time, CancellationToken cancellationToken)
    {
        var (name, expiresAt) = (request?.Name, request?.ExpiresAt);
        if (name is { Length: > MaxNameLength }) return Rejection.Malformed($"a name has at most {MaxNameLength} characters");
        if (expiresAt <= time.GetUtcNow().ToUnixTimeSeconds()) return Rejection.Malformed("expires_at is in the past");

        var issued = await tokens.IssueAsync(caller.Address, TokenKind.ApiKey, name, expiresAt, cancellationToken);
        return TypedResults.Json(new CreatedKey(issued.Text, issued.Record.Id, name, expiresAt), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<Ok<KeyList>> ListAsync(Caller caller, TokenService tokens, CancellationToken cancellationToken)
    {
        var keys = await tokens.ListAsync(caller.Address, TokenKind.ApiKey, cancellationToken);
        return TypedResults.Ok(new KeyList([.. keys.Select(key => new KeyView(key.Id, key.Kind, key.Name, key.ExpiresAt, key.CreatedAt, key.LastUsed))]));
    }

    private static async Task<Results<Ok<StatusOf>, Rejection>> DeleteAsync(string id, Caller caller, TokenService tokens, CancellationToken cancellationToken) =>
        await tokens.RevokeAsync(caller.Address, TokenKind.ApiKey, id, cancellationToken)
            ? TypedResults.Ok(new StatusOf("deleted", id))
            : Rejection.NotFound("api key");

    private sealed record CreateRequest(string? Name, long? ExpiresAt);

    private sealed record CreatedKey(string Token, string Id, string? Name, long? ExpiresAt);

    private sealed record KeyList(IReadOnlyList<KeyView> Apikeys);

    private sealed record KeyView(string Id, string Type, string? Name, long? ExpiresAt, long CreatedAt, long? LastUsed);
}
