using Smxp.Host.Errors;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Auth;

/// <summary>
/// Checks who somebody is, for every door: the API's sign-in, a password change, and the bridges. Every attempt is throttled, and an
/// unknown address cannot be told from a wrong password by the answer nor by the time it takes.
/// </summary>
internal sealed partial class Authenticator(
    IStateStore state, PasswordHasher passwords, SignInThrottle throttle, TokenService tokens, ILogger<Authenticator> logger)
{
    /// <summary>Checks a password.</summary>
    /// <param name="address">Whose; null where what was given is no address.</param>
    /// <param name="password">The password.</param>
    /// <param name="client">Where the attempt comes from, an IP address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SignIn> WithPasswordAsync(Address? address, string password, string client, CancellationToken cancellationToken)
    {
        string name = address?.ToString() ?? "";
        if (throttle.TryEnter(name, client) is { } wait) return Throttled(name, client, wait);

        var account = address is null ? null : await state.Addresses.FindAsync(address, cancellationToken);
        switch (await passwords.VerifyAsync(password, account?.PasswordHash, cancellationToken))
        {
            case PasswordCheck.Busy:
                throttle.Forgive(name, client);
                return new SignIn(Rejection.Busy with { RetryAfter = TimeSpan.FromSeconds(2) }, null);
            case PasswordCheck.Wrong:
                LogRefused(name, client);
                return new SignIn(Rejection.InvalidCredentials, null);
            case PasswordCheck.RightButDated:
                if (await passwords.HashAsync(password, cancellationToken) is { } hash) await state.Addresses.SetPasswordAsync(address!, hash, cancellationToken);
                break;
        }

        throttle.Forgive(name, client);
        return new SignIn(null, account);
    }

    /// <summary>Checks a password or, as mail clients can hold no session, an API key.</summary>
    public async Task<bool> WithSecretAsync(Address mailbox, string secret, string client, CancellationToken cancellationToken)
    {
        if (!BearerToken.LooksLikeApiKey(secret)) return (await WithPasswordAsync(mailbox, secret, client, cancellationToken)).Succeeded;

        string name = mailbox.ToString();
        if (throttle.TryEnter(name, client) is { } wait) return Throttled(name, client, wait).Succeeded;
        var caller = await tokens.FindCallerAsync(secret, cancellationToken);
        bool right = caller is { Token.Kind: TokenKind.ApiKey } && caller.Address == mailbox;
        if (right) throttle.Forgive(name, client);
        else LogRefused(name, client);
        return right;
    }

    private SignIn Throttled(string name, string client, TimeSpan wait)
    {
        LogThrottled(name, client);
        return new SignIn(Rejection.TooMany with { RetryAfter = wait }, null);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sign-in refused for {Address} from {Client}")]
    private partial void LogRefused(string address, string client);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sign-in throttled for {Address} from {Client}")]
    private partial void LogThrottled(string address, string client);
}

/// <summary>What became of an attempt: the account, or why not.</summary>
internal sealed record SignIn(Rejection? Rejection, AddressRecord? Account)
{
    public bool Succeeded => Rejection is null;
}
