using Smxp.Host.Configuration;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Delivery;

/// <summary>
/// The corridor's side of the outbox. An entry is leased to this node in the very commit that writes it, and attempted at once, without a look into the queue;
/// what would have to wait for its destination is left to the worker. Either way a crash loses nothing: the entry is on record, and the lease ends.
/// </summary>
internal sealed class Departures(OutboxWorker worker, DestinationGate gate, FirstAttempts waiting, NodeName node, SmxpOptions options)
{
    /// <summary>Leases an entry to this node where it can be attempted at once.</summary>
    public OutboxEntry Prepare(OutboxEntry entry) =>
        worker.IsBusy || gate.IsFull(entry.Destination)
            ? entry
            : entry with { LeasedBy = node.Value, LeasedUntil = entry.CreatedAt + options.Delivery.LeaseSeconds };

    /// <summary>Begins to listen for the first attempt; before the commit.</summary>
    public void Watch(IReadOnlyList<OutboxEntry> entries)
    {
        if (entries.Count > 0) waiting.Watch(entries);
    }

    /// <summary>Stops listening, where the commit was refused.</summary>
    public void Forget(IReadOnlyList<OutboxEntry> entries)
    {
        if (entries.Count > 0) waiting.Forget(entries);
    }

    /// <summary>Sets committed entries off.</summary>
    public void Depart(IReadOnlyList<OutboxEntry> entries)
    {
        foreach (OutboxEntry entry in entries)
        {
            if (entry.LeasedBy is null) worker.Wake();
            else worker.Start(entry);
        }
    }

    /// <summary>Waits a moment for the first attempts (SMXP §6: a healthy peer answers <c>sent</c>).</summary>
    public Task<IReadOnlyDictionary<string, OutboxOutcome>> WaitAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken) =>
        waiting.WaitAsync(entries, TimeSpan.FromMilliseconds(options.Federation.FirstAttemptMilliseconds), cancellationToken);
}
