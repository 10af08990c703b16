using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Protocol;

namespace Smxp.Host.Auth;

/// <summary>Signing in and out (SMXP §8).</summary>
internal static class AuthEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/.smxp/auth").WithTags("Auth").LimitBody(BodyLimit.Small);
        group.MapPost("/login", LoginAsync).WithSummary("Sign in");
        group.MapPost("/logout", LogoutAsync).RequireCaller().WithSummary("End this session");
    }

    private static async Task<Results<Ok<LoginAnswer>, Rejection>> LoginAsync(
        LoginRequest request, Authenticator authenticator, TokenService tokens, HttpContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Alias) || string.IsNullOrEmpty(request.Domain) || string.IsNullOrEmpty(request.Password))
            return Rejection.Malformed("alias, domain and password are required");

        // Whatever is no address is treated as an address nobody has.
        var address = Address.TryParse($"{request.Alias}@{request.Domain}", out var parsed) ? parsed : null;
        string client = context.Connection.RemoteIpAddress?.ToString() ?? "";
        var signIn = await authenticator.WithPasswordAsync(address, request.Password, client, cancellationToken);
        if (signIn.Rejection is { } rejection) return rejection;

        var session = await tokens.StartSessionAsync(signIn.Account!.Address, cancellationToken);
        return TypedResults.Ok(new LoginAnswer(session.Text, session.Record.Id, session.Record.ExpiresAt!.Value));
    }

    private static async Task<Ok<StatusAnswer>> LogoutAsync(Caller caller, TokenService tokens, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.Remove(SessionRefresh.Header);
        await tokens.EndAsync(caller, cancellationToken);
        return TypedResults.Ok(new StatusAnswer("logged_out"));
    }

    private sealed record LoginRequest(string? Alias, string? Domain, string? Password);

    private sealed record LoginAnswer(string Token, string TokenId, long ExpiresAt);
}

/// <summary>An answer that says no more than that it was done.</summary>
internal sealed record StatusAnswer(string Status);

/// <summary>The same, naming what it was done to.</summary>
internal sealed record StatusOf(string Status, string Id);
