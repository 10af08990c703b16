using System.Buffers.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Auth;
using Smxp.Host.Configuration;
using Smxp.Host.Domains;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Account;

/// <summary>One's own account (SMXP §8): who one is, and the password.</summary>
internal static class AccountEndpoints
{
    public static void MapAccountInfo(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/.smxp/account").RequireCaller().WithTags("Account").LimitBody(BodyLimit.Small);
        group.MapGet("/info", InfoAsync).WithSummary("Who one is");
        group.MapPut("/password", ChangePasswordAsync).WithSummary("Change the password; ends every other session");
    }

    private static async Task<Results<Ok<AccountInfo>, Rejection>> InfoAsync(
        Caller caller, IStateStore state, IKeyRing keys, SmxpOptions options, CancellationToken cancellationToken)
    {
        var address = caller.Address;
        if (await state.Addresses.FindAsync(address, cancellationToken) is not { } account) return Rejection.NotFound("address");
        var key = await keys.FindSignerAsync(address.Domain, options.Signatures.Default, cancellationToken);
        string? publicKey = key is null ? null : Base64Url.EncodeToString(key.PublicKey);
        return TypedResults.Ok(new AccountInfo(
            address.Local, address.Domain, address.ToString(), "inbox", account.CreatedAt, publicKey, key?.KeyId, key?.Algorithm));
    }

    private static async Task<Results<Ok<StatusAnswer>, Rejection>> ChangePasswordAsync(
        PasswordChange request, Caller caller, Authenticator authenticator, PasswordService passwords, HttpContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.CurrentPassword)) return Rejection.Malformed("current_password is required");
        if (PasswordHasher.Validate(request.NewPassword) is { } problem) return Rejection.Malformed(problem);

        string client = context.Connection.RemoteIpAddress?.ToString() ?? "";
        var signIn = await authenticator.WithPasswordAsync(caller.Address, request.CurrentPassword, client, cancellationToken);
        if (signIn.Rejection == Rejection.InvalidCredentials) return Rejection.Forbidden("current password is incorrect");
        if (signIn.Rejection is { } rejection) return rejection;

        string? keep = caller.Token.Kind == TokenKind.Session ? caller.Token.Id : null;
        return await passwords.SetAsync(caller.Address, request.NewPassword!, keep, cancellationToken)
            ? TypedResults.Ok(new StatusAnswer("password_changed"))
            : Rejection.Unavailable;
    }

    private sealed record AccountInfo(
        string Alias, string Domain, string Address, string Mode, long CreatedAt, string? PublicKey, string? KeyId, string? Algorithm);

    private sealed record PasswordChange(string? CurrentPassword, string? NewPassword);
}
