using System.Collections.Concurrent;
using Smxp.Host.Configuration;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Delivery;

/// <summary>
/// The corridor's side of the outbox. An entry is leased to this node in the very commit that writes it, and attempted at once, without a look into the queue;
/// what would have to wait for its destination is left to the worker. Either way a crash loses nothing: the entry is on record, and the lease ends.
/// </summary>
internal sealed class Departures(OutboxWorker worker, DestinationGate gate, FirstAttempts waiting, NodeName node, SmxpOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, IDisposable> _places = new(StringComparer.Ordinal);

    /// <summary>Makes entries ready to be committed: leases to this node those that can be attempted at once. <see cref="Depart"/> or <see cref="Forget"/> must follow.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="awaited">Whether somebody waits for their first attempts.</param>
    public IReadOnlyList<OutboxEntry> Prepare(IReadOnlyList<OutboxEntry> entries, bool awaited)
    {
        if (entries.Count == 0) return entries;
        // Nobody waits for what is held back.
        if (awaited) waiting.Watch(entries.Where(static entry => !IsHeld(entry)));
        return [.. entries.Select(Prepare)];
    }

    /// <summary>Gives up what <see cref="Prepare(IReadOnlyList{OutboxEntry}, bool)"/> took, where the commit was refused.</summary>
    public void Forget(IReadOnlyList<OutboxEntry> entries)
    {
        if (entries.Count > 0) waiting.Forget(entries);
        foreach (OutboxEntry entry in entries)
        {
            if (_places.TryRemove(entry.Id, out IDisposable? place)) place.Dispose();
        }
    }

    /// <summary>Sets committed entries off.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="absorbed">Those of them that took effect in others that still wait: as good as sent.</param>
    public void Depart(IReadOnlyList<OutboxEntry> entries, IReadOnlyList<string> absorbed)
    {
        foreach (OutboxEntry entry in entries)
        {
            if (absorbed.Contains(entry.Id))
            {
                if (_places.TryRemove(entry.Id, out IDisposable? unused)) unused.Dispose();
                waiting.Complete(entry.Id, new OutboxOutcome(SendStatus.Sent, entry.Transport, null, null, time.GetUtcNow().ToUnixTimeSeconds()));
            }
            else if (_places.TryRemove(entry.Id, out IDisposable? place)) worker.Start(entry, place);
            else worker.Wake();
        }
    }

    /// <summary>Waits a moment for the first attempts (SMXP §6: a healthy peer answers <c>sent</c>).</summary>
    public Task<IReadOnlyDictionary<string, OutboxOutcome>> WaitAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken) =>
        waiting.WaitAsync(entries, TimeSpan.FromMilliseconds(options.Federation.FirstAttemptMilliseconds), cancellationToken);

    private static bool IsHeld(OutboxEntry entry) => entry.DueAt > entry.CreatedAt;

    private OutboxEntry Prepare(OutboxEntry entry)
    {
        if (IsHeld(entry) || worker.IsBusy || gate.TryEnter(entry.Destination) is not { } place) return entry;
        _places[entry.Id] = place;
        return entry with { LeasedBy = node.Value, LeasedUntil = entry.CreatedAt + options.Delivery.LeaseSeconds };
    }
}
