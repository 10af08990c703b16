using System.Collections.Concurrent;
using Smxp.Host.Configuration;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Auth;

/// <summary>
/// Keeps people signed in: a session in the last quarter of its life is answered with <c>X-SMXP-Token-Refresh</c> (SMXP §8). The old token
/// stays good until its end, so requests under way are safe; a client that ignores the header is offered another only after a while.
/// </summary>
internal sealed partial class SessionRefresh(TokenService tokens, SmxpOptions options, TimeProvider time, ILogger<SessionRefresh> logger)
{
    public const string Header = "X-SMXP-Token-Refresh";

    private const int MaxRemembered = 10_000;
    private readonly ConcurrentDictionary<string, long> _offeredAt = new(StringComparer.Ordinal);

    private long Lifetime => (long)TimeSpan.FromDays(options.Sessions.Days).TotalSeconds;

    /// <summary>Adds the header where it is due. Never fails a request.</summary>
    public ValueTask OfferAsync(Caller caller, HttpResponse response, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        return caller.Token is { Kind: TokenKind.Session, ExpiresAt: { } end } && end - now < Lifetime / 4 && IsDue(caller.Token.Id, now)
            ? new(RefreshAsync(caller, response, cancellationToken))
            : ValueTask.CompletedTask;
    }

    private bool IsDue(string tokenId, long now)
    {
        if (_offeredAt.Count >= MaxRemembered) _offeredAt.Clear();
        long pause = Lifetime / 28; // six hours of a seven-day session
        if (_offeredAt.TryAdd(tokenId, now)) return true;
        return _offeredAt.TryGetValue(tokenId, out long last) && now - last >= pause && _offeredAt.TryUpdate(tokenId, now, last);
    }

    private async Task RefreshAsync(Caller caller, HttpResponse response, CancellationToken cancellationToken)
    {
        try
        {
            response.Headers[Header] = (await tokens.StartSessionAsync(caller.Address, cancellationToken)).Text;
        }
        catch (StorageUnavailableException exception) // A store that takes no writes must not stop reads.
        {
            _offeredAt.TryRemove(caller.Token.Id, out _);
            LogFailed(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A session could not be refreshed")]
    private partial void LogFailed(Exception exception);
}
