using Smxp.Protocol;

namespace Smxp.Plugins.Storage;

/// <summary>Bearer tokens: sessions and API keys. Only hashes are stored.</summary>
public interface ITokenStore
{
    /// <summary>Adds a token.</summary>
    Task AddAsync(TokenRecord token, CancellationToken cancellationToken);

    /// <summary>The token with this hash, expired or not; null where there is none.</summary>
    Task<TokenRecord?> FindAsync(byte[] hash, CancellationToken cancellationToken);

    /// <summary>The tokens of an address and kind (<see cref="TokenKind"/>), newest first.</summary>
    Task<IReadOnlyList<TokenRecord>> ListAsync(Address owner, string kind, CancellationToken cancellationToken);

    /// <summary>Removes one of the owner's own tokens; false where the owner has none of this id.</summary>
    Task<bool> RemoveAsync(Address owner, string id, CancellationToken cancellationToken);

    /// <summary>Removes the owner's sessions but one (a changed password ends the others).</summary>
    Task RemoveSessionsAsync(Address owner, string? exceptId, CancellationToken cancellationToken);

    /// <summary>Notes when tokens were last used; a driver may do so lazily.</summary>
    Task TouchAsync(IReadOnlyDictionary<string, long> lastUsedById, CancellationToken cancellationToken);

    /// <summary>Removes what expired before this time (Unix seconds); answers how many.</summary>
    Task<int> RemoveExpiredAsync(long before, CancellationToken cancellationToken);
}

/// <summary>The kinds of bearer token.</summary>
public static class TokenKind
{
    /// <summary>Made by signing in; <c>smxp_ses_…</c>.</summary>
    public const string Session = "session";

    /// <summary>Made by hand; <c>smxp_key_…</c>.</summary>
    public const string ApiKey = "apikey";
}

/// <summary>A bearer token.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Owner">Whom it speaks for.</param>
/// <param name="Kind">One of <see cref="TokenKind"/>.</param>
/// <param name="Hash">SHA-256 of the token's text.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="ExpiresAt">Unix seconds; null for never.</param>
/// <param name="LastUsed">Unix seconds; null for never.</param>
public sealed record TokenRecord(string Id, Address Owner, string Kind, byte[] Hash, string? Name, long CreatedAt, long? ExpiresAt, long? LastUsed);
