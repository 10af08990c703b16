namespace Smxp.Host.Memory;

/// <summary>
/// Lets go, in a quiet moment, of what the start or a burst of requests has left behind. The runtime collects when enough new objects were made and at no other time, and "enough" is
/// as much as the processor's cache holds: tens of megabytes that an idle server would keep for as long as nobody asks anything of it.
/// </summary>
internal sealed class IdleCollector(TimeProvider time) : IHostedService, IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    private readonly QuietMoment _quiet = new();
    private ITimer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static collector => ((IdleCollector)collector!).OnBeat(), this, Beat, Beat);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void OnBeat()
    {
        // Aggressive: the memory is given back to the system at once, not bit by bit over collections that nothing would cause.
        if (_quiet.IsDue(GC.GetTotalAllocatedBytes(), GC.GetTotalMemory(forceFullCollection: false))) GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
