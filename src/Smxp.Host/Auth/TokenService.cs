using Smxp.Host.Configuration;
using Smxp.Host.Domains;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Auth;

/// <summary>Sessions and API keys: issued, found and revoked here and nowhere else, so that the cache in front of them is always right.</summary>
internal sealed class TokenService
{
    private readonly ITokenStore _store;
    private readonly CallerCache _cache;
    private readonly LastUsed _lastUsed;
    private readonly SmxpOptions _options;
    private readonly TimeProvider _time;

    public TokenService(IStateStore state, CallerCache cache, LastUsed lastUsed, IDirectoryChanges changes, SmxpOptions options, TimeProvider time)
    {
        (_store, _cache, _lastUsed, _options, _time) = (state.Tokens, cache, lastUsed, options, time);
        // A removed inbox or domain takes its tokens with it.
        changes.Changed += _ => cache.Clear();
    }

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    public Task<IssuedToken> StartSessionAsync(Address owner, CancellationToken cancellationToken) =>
        IssueAsync(owner, TokenKind.Session, name: null, Now + (long)TimeSpan.FromDays(_options.Sessions.Days).TotalSeconds, cancellationToken);

    public async Task<IssuedToken> IssueAsync(Address owner, string kind, string? name, long? expiresAt, CancellationToken cancellationToken)
    {
        string text = BearerToken.Mint(kind);
        var now = _time.GetUtcNow();
        var record = new TokenRecord(Guid.CreateVersion7(now).ToString(), owner, kind, BearerToken.HashOf(text), name, now.ToUnixTimeSeconds(), expiresAt, LastUsed: null);
        await _store.AddAsync(record, cancellationToken);
        return new IssuedToken(text, record);
    }

    /// <summary>Whose token this is; null where it does not exist or has expired.</summary>
    public ValueTask<Caller?> FindCallerAsync(string token, CancellationToken cancellationToken)
    {
        byte[] hash = BearerToken.HashOf(token);
        return _cache.Find(hash) is { } caller ? new(Used(caller)) : new(ReadAsync(hash, cancellationToken));
    }

    /// <summary>Whether a caller's token is still good, for requests that stay open: a stream asks now and then.</summary>
    public async ValueTask<bool> IsAliveAsync(Caller caller, CancellationToken cancellationToken) =>
        (_cache.Find(caller.Token.Hash) is { } kept ? Used(kept) : await ReadAsync(caller.Token.Hash, cancellationToken)) is not null;

    public async Task<IReadOnlyList<TokenRecord>> ListAsync(Address owner, string kind, CancellationToken cancellationToken)
    {
        long now = Now;
        var tokens = await _store.ListAsync(owner, kind, cancellationToken);
        return [.. tokens.Where(token => !IsOver(token, now)).Select(token => token with { LastUsed = _lastUsed.Newest(token) })];
    }

    /// <summary>Ends one of the owner's own tokens of a kind; false where there is none.</summary>
    public async Task<bool> RevokeAsync(Address owner, string kind, string id, CancellationToken cancellationToken)
    {
        var tokens = await _store.ListAsync(owner, kind, cancellationToken);
        if (!tokens.Any(token => token.Id == id)) return false;
        bool removed = await _store.RemoveAsync(owner, id, cancellationToken);
        _cache.Forget(id);
        return removed;
    }

    /// <summary>Ends the token a request was made with.</summary>
    public async Task EndAsync(Caller caller, CancellationToken cancellationToken)
    {
        await _store.RemoveAsync(caller.Address, caller.Token.Id, cancellationToken);
        _cache.Forget(caller.Token.Id);
    }

    /// <summary>Ends the owner's sessions but one.</summary>
    public async Task EndSessionsAsync(Address owner, string? exceptId, CancellationToken cancellationToken)
    {
        await _store.RemoveSessionsAsync(owner, exceptId, cancellationToken);
        _cache.Forget(owner);
    }

    private async Task<Caller?> ReadAsync(byte[] hash, CancellationToken cancellationToken)
    {
        int generation = _cache.Generation;
        if (await _store.FindAsync(hash, cancellationToken) is not { } token) return null;
        var caller = new Caller(token.Owner, token);
        _cache.Keep(hash, caller, generation);
        return Used(caller);
    }

    private Caller? Used(Caller caller)
    {
        long now = Now;
        if (IsOver(caller.Token, now)) return null;
        _lastUsed.Note(caller.Token.Id, now);
        return caller;
    }

    private static bool IsOver(TokenRecord token, long now) => token.ExpiresAt <= now;
}

/// <summary>A token just made: the only time its text is known.</summary>
internal sealed record IssuedToken(string Text, TokenRecord Record);
