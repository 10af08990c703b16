using System.Collections.Concurrent;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Delivery;

/// <summary>Where a request waits a short moment for the first attempt at what it sent.</summary>
internal sealed class FirstAttempts(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<OutboxOutcome>> _waiting = new(StringComparer.Ordinal);

    /// <summary>Says what the attempt came to. Nobody may be waiting.</summary>
    public void Complete(string entryId, OutboxOutcome outcome)
    {
        if (_waiting.TryRemove(entryId, out TaskCompletionSource<OutboxOutcome>? waiter)) waiter.TrySetResult(outcome);
    }

    /// <summary>Begins to listen; to be called before the entries can be attempted.</summary>
    public void Watch(IEnumerable<OutboxEntry> entries)
    {
        foreach (OutboxEntry entry in entries)
            _waiting[entry.Id] = new TaskCompletionSource<OutboxOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Waits for all of them or for the time to pass, and stops listening. Answers what is known by then.</summary>
    public async Task<IReadOnlyDictionary<string, OutboxOutcome>> WaitAsync(IReadOnlyList<OutboxEntry> entries, TimeSpan patience, CancellationToken cancellationToken)
    {
        Dictionary<string, Task<OutboxOutcome>> tasks = [];
        foreach (OutboxEntry entry in entries)
        {
            if (_waiting.TryGetValue(entry.Id, out TaskCompletionSource<OutboxOutcome>? waiter)) tasks[entry.Id] = waiter.Task;
        }

        try
        {
            if (patience > TimeSpan.Zero) await Task.WhenAll(tasks.Values).WaitAsync(patience, time, cancellationToken);
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
            // Whoever has not answered by now is queued.
        }

        Forget(entries);
        return tasks.Where(static t => t.Value.IsCompletedSuccessfully).ToDictionary(static t => t.Key, static t => t.Value.Result, StringComparer.Ordinal);
    }

    /// <summary>Stops listening.</summary>
    public void Forget(IEnumerable<OutboxEntry> entries)
    {
        foreach (OutboxEntry entry in entries) _waiting.TryRemove(entry.Id, out _);
    }
}
