using System.Diagnostics.Metrics;
using Smxp.Host.Telemetry;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Delivery;

/// <summary>
/// Shows how much waits in the outbox, by state, and for how long the oldest has. Metrics are read without waiting, a store is not: so it is asked beforehand, now and then.
/// The outbox is one for all nodes, and each of them shows all of it.
/// </summary>
internal sealed partial class QueueGauge : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    private readonly IOutboxControl _outbox;
    private readonly TimeProvider _time;
    private readonly ILogger<QueueGauge> _logger;
    private OutboxSummary _last = new(0, 0, 0, 0, null);

    public QueueGauge(IOutboxControl outbox, SmxpMetrics metrics, TimeProvider time, ILogger<QueueGauge> logger)
    {
        (_outbox, _time, _logger) = (outbox, time, logger);
        metrics.Meter.CreateObservableGauge("smxp.outbox.entries", Entries, "{message}", "Messages in the outbox, by what they wait for");
        metrics.Meter.CreateObservableGauge("smxp.outbox.oldest", Age, "s", "How long the oldest message in the outbox has waited");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        do
        {
            try
            {
                Volatile.Write(ref _last, await _outbox.SummaryAsync(_time.GetUtcNow().ToUnixTimeSeconds(), stoppingToken));
            }
            catch (Exception outage) when (outage is not OperationCanceledException)
            {
                LogOutage(outage);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<int>> Entries()
    {
        OutboxSummary last = Volatile.Read(ref _last);
        return [Of(last.Due, "due"), Of(last.Later, "later"), Of(last.Working, "working"), Of(last.Parked, "parked")];

        static Measurement<int> Of(int entries, string state) => new(entries, new KeyValuePair<string, object?>("state", state));
    }

    private long Age() => Volatile.Read(ref _last).OldestAt is { } oldest ? Math.Max(0, _time.GetUtcNow().ToUnixTimeSeconds() - oldest) : 0;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox could not be counted")]
    private partial void LogOutage(Exception outage);
}
