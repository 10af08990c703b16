using System.Collections.Concurrent;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Auth;

/// <summary>When tokens were last used, gathered in memory and written now and then: a note that costs no request anything.</summary>
internal sealed class LastUsed
{
    private ConcurrentDictionary<string, long> _noted = new(StringComparer.Ordinal);

    public void Note(string tokenId, long now)
    {
        var noted = _noted;
        if (!noted.TryGetValue(tokenId, out long last) || last < now) noted[tokenId] = now;
    }

    /// <summary>What is noted of a token, or what is on record.</summary>
    public long? Newest(TokenRecord token) => _noted.TryGetValue(token.Id, out long noted) ? noted : token.LastUsed;

    /// <summary>Takes what was noted, to write it.</summary>
    public IReadOnlyDictionary<string, long> Take() => Interlocked.Exchange(ref _noted, new(StringComparer.Ordinal));
}
