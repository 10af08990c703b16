using Smxp.Plugins.Bridge;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Delivery;

/// <summary>Tells the bridges that want to know what becomes of messages that leave.</summary>
internal sealed partial class OutcomeListeners(IServiceProvider services, ILogger<OutcomeListeners> logger)
{
    // Asked for late: a bridge is made of what leads here (the intake), so here it cannot be asked for at once.
    private readonly Lazy<IOutcomeListener[]> _listeners = new(() => [.. services.GetServices<IBridge>().OfType<IOutcomeListener>()]);

    /// <summary>Tells all of them; answers the outcome with what they remember of it, or null where it should not be written down, so that it is told again.</summary>
    public async ValueTask<OutboxOutcome?> TellAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        if (_listeners.Value.Length == 0 || outcome is { Status: SendStatus.Queued, Notice: null }) return outcome;
        bool mayWrite = true;
        List<BridgeRecord> records = [.. outcome.Records];
        foreach (IOutcomeListener listener in _listeners.Value)
        {
            try
            {
                records.AddRange(await listener.HearAsync(entry, outcome, cancellationToken));
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                LogFault(fault, entry.MessageId);
                // What failed is tried again without harm; what was handed over must not be.
                mayWrite &= !(fault is StorageUnavailableException && outcome.Status == SendStatus.Failed);
            }
        }

        return mayWrite ? outcome with { Records = records } : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A bridge could not tell the sender what became of {MessageId}")]
    private partial void LogFault(Exception fault, string messageId);
}
