using Smxp.Host.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail;

/// <summary>The middle of the corridor: commits, then tells the streams and sets off what leaves.</summary>
internal sealed class Committer(IMessageStore store, IEventBus events, Departures departures)
{
    /// <param name="commit">What to write.</param>
    /// <param name="awaited">Whether somebody waits for the first attempts at what leaves.</param>
    public async Task<CommitResult> CommitAsync(Commit commit, bool awaited)
    {
        IReadOnlyList<OutboxEntry> outbox = departures.Prepare(commit.Outbox, awaited);
        CommitResult? result = null;
        try
        {
            // From here on the client's leaving changes nothing: what is committed must be published and set off.
            result = await store.CommitAsync(commit with { Outbox = outbox }, CancellationToken.None);
        }
        finally
        {
            if (result is not { Outcome: CommitOutcome.Stored }) departures.Forget(outbox);
        }

        if (result.Outcome != CommitOutcome.Stored) return result;
        foreach ((Address mailbox, long sequence) in result.Sequences) events.Publish(mailbox, sequence);
        departures.Depart(outbox, result.Absorbed);
        return result;
    }
}
