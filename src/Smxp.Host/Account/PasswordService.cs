using Smxp.Host.Auth;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Account;

/// <summary>Sets passwords. Whoever knew the old one is signed out.</summary>
internal sealed class PasswordService(IStateStore state, PasswordHasher hasher, TokenService tokens)
{
    /// <summary>Sets a password and ends the account's sessions but one; false where the server is too busy, or the account is gone.</summary>
    public async Task<bool> SetAsync(Address address, string password, string? exceptSessionId, CancellationToken cancellationToken)
    {
        if (await hasher.HashAsync(password, cancellationToken) is not { } hash) return false;
        if (!await state.Addresses.SetPasswordAsync(address, hash, cancellationToken)) return false;
        await tokens.EndSessionsAsync(address, exceptSessionId, cancellationToken);
        return true;
    }
}
