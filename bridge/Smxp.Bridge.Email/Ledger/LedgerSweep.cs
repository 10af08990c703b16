using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>Removes the ledger's old lines, and return paths that nothing comes back to any more, some at a time and never in a hurry: deliveries go first. Several nodes may do so at once.</summary>
internal sealed partial class LedgerSweep(CrossingLedger ledger, VerpAddresses returnPaths, LedgerSettings settings, TimeProvider time, ILogger<LedgerSweep> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger = logger;
    private Task _running = Task.CompletedTask;

    public void Start() => _running = RunAsync(_stop.Token);

    /// <summary>Removes everything that is too old now; answers how many lines that were.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        long upTo = time.GetUtcNow().AddDays(-settings.Days).ToUnixTimeSeconds();
        while (await returnPaths.ForgetAsync(cancellationToken) > 0) await Task.Delay(Pause, time, cancellationToken);
        int removed = await SweepAsync(null, upTo, cancellationToken);
        await foreach (var mailbox in ledger.BoxesAsync(cancellationToken)) removed += await SweepAsync(mailbox, upTo, cancellationToken);
        return removed;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task<int> SweepAsync(Address? mailbox, long upTo, CancellationToken cancellationToken)
    {
        int removed = 0;
        while (await ledger.RemoveAsync(mailbox, upTo, cancellationToken) is > 0 and var some)
        {
            removed += some;
            await Task.Delay(Pause, time, cancellationToken);
        }

        return removed;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    int removed = await SweepAsync(cancellationToken);
                    if (removed > 0) LogSwept(removed, settings.Days);
                }
                catch (StorageUnavailableException exception)
                {
                    LogUnavailable(exception.Message);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped; what is left is removed another time.
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Lines} lines older than {Days} days from the mail ledger")]
    private partial void LogSwept(int lines, int days);

    [LoggerMessage(LogLevel.Warning, "The mail ledger's old lines stay for now: {Problem}")]
    private partial void LogUnavailable(string problem);
}
