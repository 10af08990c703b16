using Smxp.Plugins.Storage;

namespace Smxp.Host.Delivery;

/// <summary>The operator's hand on the outbox: what it changes, it tells the worker and the sender's streams.</summary>
internal sealed class QueueControl(IOutboxControl outbox, OutboxWorker worker, Exits exits, IEventBus events, TimeProvider time)
{
    private const string Dropped = "dropped by the operator";

    /// <summary>Has entries tried now: one, all of a destination, or all. Answers how many.</summary>
    public async Task<int> RetryAsync(string? id, string? destination, CancellationToken cancellationToken)
    {
        int hastened = await outbox.HastenAsync(id, destination, time.GetUtcNow().ToUnixTimeSeconds(), cancellationToken);
        if (hastened == 0) return 0;
        exits.ForgetFailures();
        worker.Wake();
        return hastened;
    }

    /// <summary>Gives an entry up.</summary>
    public async Task<DropKind> DropAsync(string id, CancellationToken cancellationToken)
    {
        DropResult result = await outbox.DropAsync(id, Dropped, time.GetUtcNow().ToUnixTimeSeconds(), cancellationToken);
        if (result is { Sender: { } sender, Sequence: { } sequence }) events.Publish(sender, sequence);
        return result.Kind;
    }
}
