using System.Collections.Concurrent;
using Smxp.Plugins.Dns;

namespace Smxp.Dns.Wire;

/// <summary>Asks one response at a time for an answer, follows aliases from one to the next, and keeps answers, negative ones too, for as long as they say.</summary>
/// <remarks>Its memory is bounded: so many entries, and none of a size that only an attacker has use for. Several who ask the same at once share one question.</remarks>
internal abstract class CachingResolver(int capacity, TimeSpan longestLookup, TimeProvider time) : IDnsResolver
{
    private const int LargestKept = 8 * 1024;

    private readonly ConcurrentDictionary<DnsQuestion, Entry> _entries = new();
    private readonly ConcurrentDictionary<DnsQuestion, Lazy<Task<DnsAnswer>>> _running = new();

    public async ValueTask<DnsAnswer?> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        question = question with { Name = DnsName.Normalize(question.Name) };
        if (!DnsName.IsValid(question.Name)) return AnswerReader.NotAName(question.Name);
        if (_entries.TryGetValue(question, out Entry? entry) && time.GetUtcNow() is var now && entry.ExpiresAt > now)
            return entry.Answer with { TimeToLive = entry.ExpiresAt - now };
        Lazy<Task<DnsAnswer>> running = _running.GetOrAdd(question, q => new Lazy<Task<DnsAnswer>>(() => LoadAsync(q)));
        return await running.Value.WaitAsync(cancellationToken);
    }

    /// <summary>Asks once. A failure to find out is an exception whose message says why.</summary>
    /// <returns>The response and its size in bytes.</returns>
    protected abstract Task<(DnsResponse Response, int Size)> AskAsync(DnsQuestion question, CancellationToken cancellationToken);

    private async Task<DnsAnswer> LoadAsync(DnsQuestion question)
    {
        await Task.Yield();
        using var limit = new CancellationTokenSource(longestLookup, time);
        try
        {
            (DnsAnswer answer, int size) = await FollowAsync(question, limit.Token);
            if (size <= LargestKept) Keep(question, answer);
            return answer;
        }
        catch (OperationCanceledException)
        {
            return AnswerReader.Failed("timed out");
        }
        // Strangers' name servers decide what arrives here; whatever they break in a library is a failed look-up, not an outage.
        catch (Exception exception)
        {
            DnsAnswer failed = AnswerReader.Failed(exception.Message);
            Keep(question, failed);
            return failed;
        }
        finally
        {
            _running.TryRemove(question, out _);
        }
    }

    private async Task<(DnsAnswer Answer, int Size)> FollowAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        TimeSpan shortest = TimeSpan.MaxValue;
        bool authenticated = true;
        DnsQuestion asked = question;
        for (int hops = 0; hops <= AnswerReader.MostAliases; hops++)
        {
            (DnsResponse response, int size) = await AskAsync(asked, cancellationToken);
            DnsAnswer answer = AnswerReader.Read(asked, response, out string? next);
            shortest = answer.TimeToLive < shortest ? answer.TimeToLive : shortest;
            // Vouched for only where every step of the way was.
            authenticated &= response.Authenticated;
            if (next is null) return (answer with { TimeToLive = shortest, Authenticated = answer.Authenticated && authenticated }, size);
            if (!DnsName.IsValid(next)) return (AnswerReader.NotAName(next), size);
            asked = asked with { Name = next };
        }
        return (AnswerReader.Failed($"more than {AnswerReader.MostAliases} aliases in a row"), 0);
    }

    private void Keep(DnsQuestion question, DnsAnswer answer)
    {
        if (capacity == 0 || answer.TimeToLive <= TimeSpan.Zero) return;
        if (_entries.Count >= capacity)
        {
            foreach (KeyValuePair<DnsQuestion, Entry> old in _entries.OrderBy(entry => entry.Value.ExpiresAt).Take(Math.Max(1, capacity / 8)))
                _entries.TryRemove(old);
        }
        _entries[question] = new Entry(answer, time.GetUtcNow() + answer.TimeToLive);
    }

    private sealed record Entry(DnsAnswer Answer, DateTimeOffset ExpiresAt);
}
