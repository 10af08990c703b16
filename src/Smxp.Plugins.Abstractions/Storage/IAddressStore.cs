using Smxp.Protocol;

namespace Smxp.Plugins.Storage;

/// <summary>The inboxes of the domains served here.</summary>
public interface IAddressStore
{
    /// <summary>All inboxes, or those of one domain, by address.</summary>
    Task<IReadOnlyList<AddressRecord>> ListAsync(string? domain, CancellationToken cancellationToken);

    /// <summary>One inbox, or null.</summary>
    Task<AddressRecord?> FindAsync(Address address, CancellationToken cancellationToken);

    /// <summary>Adds an inbox; false where it exists.</summary>
    Task<bool> AddAsync(AddressRecord address, CancellationToken cancellationToken);

    /// <summary>Removes an inbox with its tokens and delegations; its messages stay. False where it does not exist.</summary>
    Task<bool> RemoveAsync(Address address, CancellationToken cancellationToken);

    /// <summary>Replaces the password hash; false where the inbox does not exist.</summary>
    Task<bool> SetPasswordAsync(Address address, string? passwordHash, CancellationToken cancellationToken);
}

/// <summary>An inbox.</summary>
/// <param name="Address">Its address.</param>
/// <param name="PasswordHash">A PHC string; null where nobody can sign in with a password.</param>
/// <param name="CreatedAt">Unix seconds.</param>
public sealed record AddressRecord(Address Address, string? PasswordHash, long CreatedAt);
