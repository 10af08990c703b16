using System.Collections.Concurrent;
using Smxp.Plugins.Delivery;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Routing;

/// <summary>
/// Whether the legacy server knows an address, found out before mail for it is accepted, so that nobody is ever sent a bounce for mail he did not write. Answers are kept: good ones for an
/// hour, bad ones for five minutes; and while the server is away, an address that was good within the last week counts as good, since what is accepted waits in the queue.
/// </summary>
internal sealed class CallForward(IRecipientProbe probe, TimeProvider time)
{
    private const int MostAddresses = 10_000;
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan BadFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RecentlyGood = TimeSpan.FromDays(7);
    // Somebody waits for the answer to RCPT; RFC 5321 §4.5.3.2.3 has him wait five minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Address, Known> _known = new();

    public async ValueTask<LegacyVerdict> VerifyAsync(Address address, CancellationToken cancellationToken)
    {
        var known = _known.GetValueOrDefault(address);
        var age = known is null ? TimeSpan.MaxValue : time.GetElapsedTime(known.Since);
        if (known is not null && age < (known.Verdict.Kind == LegacyVerdictKind.Exists ? GoodFor : BadFor)) return known.Verdict;
        var verdict = await AskAsync(address, cancellationToken);
        if (verdict.Kind != LegacyVerdictKind.Unreachable) Keep(address, verdict);
        else if (known is { Verdict.Kind: LegacyVerdictKind.Exists } && age < RecentlyGood) return known.Verdict;
        return verdict;
    }

    /// <summary>Notes that the legacy server took mail for an address.</summary>
    public void Confirm(Address address) => Keep(address, LegacyVerdict.Exists);

    private async Task<LegacyVerdict> AskAsync(Address address, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var answer = await probe.AskAsync(address, both.Token);
            return answer.Kind switch
            {
                HandOverKind.Accepted => LegacyVerdict.Exists,
                HandOverKind.Rejected => new LegacyVerdict(LegacyVerdictKind.Unknown, answer.Error),
                _ => new LegacyVerdict(LegacyVerdictKind.Unreachable, answer.Error),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new LegacyVerdict(LegacyVerdictKind.Unreachable, "it did not answer in time");
        }
    }

    // Strangers choose the addresses: when they fill it, what is stale goes, and if that does not help, everything.
    private void Keep(Address address, LegacyVerdict verdict)
    {
        if (_known.Count >= MostAddresses)
        {
            foreach (var (old, entry) in _known)
            {
                if (entry.Verdict.Kind != LegacyVerdictKind.Exists) _known.TryRemove(old, out _);
            }

            if (_known.Count >= MostAddresses) _known.Clear();
        }

        _known[address] = new Known(verdict, time.GetTimestamp());
    }

    private sealed record Known(LegacyVerdict Verdict, long Since);
}
