using System.Collections.Concurrent;
using Smxp.Host.Configuration;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Delivery;

/// <summary>
/// Takes what is due from the durable outbox and sends a <see cref="Courier"/> with each entry. It sleeps until an entry is due or somebody wakes it, never polls,
/// and keeps the leases of long attempts alive. Entries that a stopped node still held are freed for the others.
/// </summary>
internal sealed partial class OutboxWorker(IOutbox outbox, Courier courier, DestinationGate gate, NodeName node, SmxpOptions options, TimeProvider time, ILogger<OutboxWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<string, Task> _underWay = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Whether as many attempts are under way as there may be.</summary>
    public bool IsBusy => _stopping.IsCancellationRequested || _underWay.Count >= options.Delivery.Concurrency;

    /// <summary>Says that something is due.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    /// <summary>Sets off with an entry leased to this node, and with its place at the gate where it has one already.</summary>
    public void Start(OutboxEntry entry, IDisposable? place = null)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_underWay.TryAdd(entry.Id, ended.Task)) _ = CarryAsync(entry, place, ended);
        else place?.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // What is under way may end; what takes longer is interrupted, and freed for whichever node comes next.
        Task ended = Task.WhenAll(_underWay.Values);
        await Task.WhenAny(ended, Task.Delay(Grace, cancellationToken));
        await _stopping.CancelAsync();
        await ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ReleaseAsync();
    }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
        _stopping.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await ReleaseAsync();
        Task renewing = RenewAsync(stoppingToken);
        TimeSpan afterFault = TimeSpan.FromSeconds(1);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                TimeSpan sleep = await LeaseAsync(stoppingToken);
                afterFault = TimeSpan.FromSeconds(1);
                if (sleep > TimeSpan.Zero) await SleepAsync(sleep, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception outage)
            {
                LogOutage(outage);
                await PauseAsync(afterFault, stoppingToken);
                afterFault = afterFault < LongestSleep ? afterFault * 2 : LongestSleep;
            }
        }

        await renewing;
    }

    /// <summary>Leases what is due and can be carried now; answers how long there is nothing more to do.</summary>
    private async Task<TimeSpan> LeaseAsync(CancellationToken cancellationToken)
    {
        int free = options.Delivery.Concurrency - _underWay.Count;
        if (free <= 0) return LongestSleep;
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        // As many again lie ready at the gate: whoever leaves it would otherwise wait for the writer to let the next one in.
        IReadOnlyList<OutboxEntry> leased = await outbox.LeaseAsync(node.Value, now, now + options.Delivery.LeaseSeconds, free, 2 * gate.Width, cancellationToken);
        foreach (OutboxEntry entry in leased) Start(entry);
        if (leased.Count == free) return TimeSpan.Zero;
        if (await outbox.NextDueAsync(cancellationToken) is not { } due) return LongestSleep;
        // Due already and yet not leased: its destination is at its limit, and the end of an attempt there wakes us.
        TimeSpan until = TimeSpan.FromSeconds(Math.Max(1, due - time.GetUtcNow().ToUnixTimeSeconds()));
        return until < LongestSleep ? until : LongestSleep;
    }

    private async Task SleepAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        await using ITimer alarm = time.CreateTimer(static worker => ((OutboxWorker)worker!).Wake(), this, longest, Timeout.InfiniteTimeSpan);
        await _wake.WaitAsync(cancellationToken);
    }

    private async Task CarryAsync(OutboxEntry entry, IDisposable? place, TaskCompletionSource ended)
    {
        try
        {
            await courier.CarryAsync(entry, place, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Freed when the worker stops.
        }
        catch (Exception fault)
        {
            LogLost(fault, entry.MessageId, entry.Destination);
        }
        finally
        {
            _underWay.TryRemove(entry.Id, out _);
            ended.SetResult();
            Wake();
        }
    }

    private async Task RenewAsync(CancellationToken stoppingToken)
    {
        TimeSpan period = TimeSpan.FromSeconds(Math.Max(1, options.Delivery.LeaseSeconds / 3));
        while (!stoppingToken.IsCancellationRequested)
        {
            await PauseAsync(period, stoppingToken);
            string[] held = [.. _underWay.Keys];
            if (held.Length == 0 || stoppingToken.IsCancellationRequested) continue;
            try
            {
                await outbox.RenewAsync(node.Value, held, time.GetUtcNow().ToUnixTimeSeconds() + options.Delivery.LeaseSeconds, stoppingToken);
            }
            catch (Exception outage) when (!stoppingToken.IsCancellationRequested)
            {
                LogOutage(outage);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReleaseAsync()
    {
        try
        {
            await outbox.ReleaseAsync(node.Value, CancellationToken.None);
        }
        catch (Exception outage)
        {
            LogOutage(outage);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox cannot be read; trying again")]
    private partial void LogOutage(Exception outage);

    [LoggerMessage(Level = LogLevel.Error, Message = "The attempt at {MessageId} to {Destination} broke off; its lease will end")]
    private partial void LogLost(Exception fault, string messageId, string destination);
}
