using Smxp.Host.Configuration;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Delivery;

/// <summary>The operator's hand on the outbox: what it changes, it tells the worker, the sender's streams and the bridges.</summary>
internal sealed class QueueControl(
    IOutboxControl control, IOutbox outbox, OutcomeListeners listeners, OutboxWorker worker, Exits exits, IEventBus events, NodeName node, SmxpOptions options, TimeProvider time)
{
    private const string Dropped = "dropped by the operator";

    /// <summary>Has entries tried now: one, all of a destination, or all. Answers how many.</summary>
    public async Task<int> RetryAsync(string? id, string? destination, CancellationToken cancellationToken)
    {
        int hastened = await control.HastenAsync(id, destination, time.GetUtcNow().ToUnixTimeSeconds(), cancellationToken);
        if (hastened == 0) return 0;
        exits.ForgetFailures();
        worker.Wake();
        return hastened;
    }

    /// <summary>Gives an entry up, as an attempt that failed for good does: whoever wants to know is told first.</summary>
    /// <exception cref="StorageUnavailableException">Its sender cannot be told now; it stays.</exception>
    public async Task<TakeKind> DropAsync(string id, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        TakeResult taken = await control.TakeAsync(id, node.Value, now, now + options.Delivery.LeaseSeconds, cancellationToken);
        if (taken.Entry is not { } entry) return taken.Kind;
        // From here on it ends, though whoever asked for it hangs up.
        if (await listeners.TellAsync(entry, new OutboxOutcome(SendStatus.Failed, null, Dropped, null, now), CancellationToken.None) is not { } outcome)
        {
            await outbox.RenewAsync(node.Value, [id], now, CancellationToken.None);
            worker.Wake();
            throw new StorageUnavailableException("That an entry of the outbox is dropped cannot be told now.");
        }

        if (await outbox.SettleAsync(entry, outcome, CancellationToken.None) is { } sequence && entry.Sender is { } sender) events.Publish(sender, sequence);
        return TakeKind.Taken;
    }
}
