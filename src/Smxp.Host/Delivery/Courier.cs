using System.Globalization;
using Smxp.Host.Configuration;
using Smxp.Host.Telemetry;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Delivery;

/// <summary>Carries one leased entry: waits for its destination's turn, tries once, writes down what came of it and tells whoever waits. It never gives up an entry silently.</summary>
internal sealed partial class Courier(
    IOutbox outbox, Exits exits, DestinationGate gate, OutcomeListeners listeners, IEventBus events, FirstAttempts waiting, SmxpMetrics metrics, SmxpOptions options, TimeProvider time, ILogger<Courier> logger)
{
    private const int SettleAttempts = 5;
    private const int LongestError = 1000;

    // One that fails this often in a row by our own fault is poison: it would go round for days and come to nothing.
    private const int MostFaults = 5;

    /// <summary>One attempt, from lease to settlement. Throws only when cancelled; the lease then tells the rest.</summary>
    /// <param name="entry">The entry, leased to this node.</param>
    /// <param name="place">Its place at the gate, where it was taken before; null to wait for one.</param>
    /// <param name="cancellationToken">Breaks the attempt off.</param>
    public async Task CarryAsync(OutboxEntry entry, IDisposable? place, CancellationToken cancellationToken)
    {
        using IDisposable held = place ?? await gate.EnterAsync(entry.Destination, cancellationToken);
        (string? transport, HandOver result) = await TryAsync(entry, cancellationToken);
        OutboxOutcome outcome = Judge(entry, transport, result, time.GetUtcNow(), TimeSpan.FromHours(options.Delivery.DelayNoticeHours)) with { Records = result.Records };
        // Left to its lease where that cannot be told now, as where it cannot be written down.
        if (await listeners.TellAsync(entry, outcome, cancellationToken) is not { } told || !await SettleAsync(entry, told, cancellationToken)) return;
        LogAttempt(entry.MessageId, entry.Destination, outcome.Transport ?? "-", outcome.Status, outcome.Error);
        metrics.HandedOver(outcome.Transport ?? "none", result.Kind switch { HandOverKind.Accepted => "accepted", HandOverKind.Deferred => "deferred", HandOverKind.Faulted => "faulted", _ => "rejected" });
        waiting.Complete(entry.Id, outcome);
    }

    /// <summary>What an attempt's result means for its entry. Pure.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="transport">What carried it.</param>
    /// <param name="result">What the attempt came to.</param>
    /// <param name="now">The time.</param>
    /// <param name="noticeAfter">How long an entry may wait before its sender is told; zero for never.</param>
    internal static OutboxOutcome Judge(OutboxEntry entry, string? transport, HandOver result, DateTimeOffset now, TimeSpan noticeAfter)
    {
        long at = now.ToUnixTimeSeconds();
        string? error = result.Error is { Length: > LongestError } words ? words[..LongestError] : result.Error;
        switch (result.Kind)
        {
            case HandOverKind.Accepted:
                return new OutboxOutcome(SendStatus.Sent, transport, error, null, at);
            case HandOverKind.Rejected:
                return new OutboxOutcome(SendStatus.Failed, transport, error ?? "refused", null, at);
            case HandOverKind.Faulted when entry.Faults + 1 >= MostFaults:
                string fault = error ?? "unknown";
                return new OutboxOutcome(
                    SendStatus.Queued, transport, $"set aside for the operator after {MostFaults} faults in a row: {fault}", null, at, Parked(fault), Faults: entry.Faults + 1, Parked: true);
            case HandOverKind.Deferred or HandOverKind.Faulted when at >= entry.ExpiresAt:
                return new OutboxOutcome(SendStatus.Failed, transport, $"gave up after {entry.Attempts + 1} attempts: {error ?? "deferred"}", null, at);
            default:
                TimeSpan delay = RetrySchedule.DelayAfter(entry.Attempts, transport ?? entry.Transport, result.RetryAfter);
                // The last attempt comes when the time is up, not a step of the schedule before it.
                long retryAt = Math.Min(at + Math.Max(1, (long)delay.TotalSeconds), Math.Max(entry.ExpiresAt, at + 1));
                long noticeAt = entry.CreatedAt + (long)noticeAfter.TotalSeconds;
                bool isLate = noticeAfter > TimeSpan.Zero && at >= noticeAt;
                // Nor does the sender learn of a delay a step of the schedule later than promised: one more attempt comes when that time is up, unless the other side asked for a pause.
                if (noticeAfter > TimeSpan.Zero && !isLate && result.RetryAfter is null) retryAt = Math.Min(retryAt, noticeAt);
                string why = error ?? "deferred";
                return new OutboxOutcome(SendStatus.Queued, transport, why, retryAt, at, isLate ? Delayed(why, entry.ExpiresAt) : null, result.Kind == HandOverKind.Faulted ? entry.Faults + 1 : 0);
        }
    }

    private static string Parked(string why) => $"parked: {why}, {MostFaults} times in a row; it waits for the operator of this server";

    private static string Delayed(string why, long until) =>
        string.Create(CultureInfo.InvariantCulture, $"delayed: {why}; will be tried until {DateTimeOffset.FromUnixTimeSeconds(until):yyyy-MM-dd HH:mm} UTC");

    private async Task<(string? Transport, HandOver Result)> TryAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Delivery.AttemptSeconds), time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await exits.TryAsync(entry, attempt.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return (entry.Transport, new HandOver(HandOverKind.Deferred, "the attempt took too long"));
        }
        catch (Exception fault)
        {
            // Its text is for the log, not for the sender. A database that is away for a while is nobody's poison.
            LogFault(fault, entry.MessageId, entry.Destination);
            return (entry.Transport, new HandOver(fault is StorageUnavailableException ? HandOverKind.Deferred : HandOverKind.Faulted, "an internal fault"));
        }
    }

    private async Task<bool> SettleAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                long? sequence = await outbox.SettleAsync(entry, outcome, cancellationToken);
                if (sequence is { } changed && entry.Sender is { } sender) events.Publish(sender, changed);
                return true;
            }
            catch (Exception outage) when (outage is not OperationCanceledException)
            {
                LogUnsettled(outage, entry.MessageId, entry.Destination);
                // Left to its lease: it will be handed over again, and its content id makes that harmless.
                if (attempt == SettleAttempts) return false;
                await Task.Delay(TimeSpan.FromSeconds(1 << attempt), time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{MessageId} to {Destination} by {Transport}: {Status} {Error}")]
    private partial void LogAttempt(string messageId, string destination, string transport, SendStatus status, string? error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Handing {MessageId} to {Destination} failed unexpectedly")]
    private partial void LogFault(Exception fault, string messageId, string destination);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What became of {MessageId} to {Destination} could not be written down")]
    private partial void LogUnsettled(Exception outage, string messageId, string destination);
}
