using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Auth;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Account;

/// <summary>Where one is signed in (SMXP §8).</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/.smxp/account/sessions").RequireCaller().WithTags("Account");
        group.MapGet("/", ListAsync).WithSummary("List one's sessions");
        group.MapDelete("/{id}", DeleteAsync).WithSummary("End another session");
    }

    private static async Task<Ok<SessionList>> ListAsync(Caller caller, TokenService tokens, CancellationToken cancellationToken)
    {
        var (alias, domain) = (caller.Address.Local, caller.Address.Domain);
        var sessions = await tokens.ListAsync(caller.Address, TokenKind.Session, cancellationToken);
        return TypedResults.Ok(new SessionList([.. sessions.Select(session => new SessionView(
            session.Id, session.Kind, alias, domain, session.Name, session.ExpiresAt, session.CreatedAt, session.LastUsed, session.Id == caller.Token.Id))]));
    }

    private static async Task<Results<Ok<StatusOf>, Rejection>> DeleteAsync(string id, Caller caller, TokenService tokens, CancellationToken cancellationToken)
    {
        if (id == caller.Token.Id) return Rejection.Malformed("cannot revoke current session, use /auth/logout");
        return await tokens.RevokeAsync(caller.Address, TokenKind.Session, id, cancellationToken)
            ? TypedResults.Ok(new StatusOf("revoked", id))
            : Rejection.NotFound("session");
    }

    private sealed record SessionList(IReadOnlyList<SessionView> Sessions);

    private sealed record SessionView(
        string Id, string Type, string Alias, string Domain, string? Name, long? ExpiresAt, long CreatedAt, long? LastUsed, bool Current);
}
