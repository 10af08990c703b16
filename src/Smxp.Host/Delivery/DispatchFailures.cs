using Smxp.Plugins.Bridge;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Delivery;

/// <summary>Tells the bridges what is given up for which nobody has a row here.</summary>
internal sealed partial class DispatchFailures(IServiceProvider services, ILogger<DispatchFailures> logger)
{
    // Asked for late: a bridge is made of what leads here (the outbox), so here it cannot be asked for at once.
    private readonly Lazy<IDispatchFailures[]> _bridges = new(() => [.. services.GetServices<IBridge>().OfType<IDispatchFailures>()]);

    /// <summary>Tells all of them; false where one could not take it in now.</summary>
    public async Task<bool> TellAsync(OutboxEntry entry, string error, CancellationToken cancellationToken)
    {
        foreach (IDispatchFailures bridge in _bridges.Value)
        {
            try
            {
                await bridge.FailedAsync(entry, error, cancellationToken);
            }
            catch (StorageUnavailableException outage)
            {
                LogUntold(outage, entry.MessageId);
                return false;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // Told or not, it must end: an entry that comes again for ever helps nobody.
                LogUntold(fault, entry.MessageId);
            }
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "That {MessageId} failed could not be told to a bridge")]
    private partial void LogUntold(Exception fault, string messageId);
}
