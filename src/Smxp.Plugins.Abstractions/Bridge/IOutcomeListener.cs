using Smxp.Plugins.Storage;

namespace Smxp.Plugins.Bridge;

/// <summary>
/// A bridge that wants to know what becomes of messages that leave, by whatever transport: to tell senders in the way of its world. Optional, beside <see cref="IBridge"/>.
/// Called from several threads, before the outcome is written down.
/// </summary>
public interface IOutcomeListener
{
    /// <summary>
    /// Hears that an entry ended, by an attempt or by the operator's hand, that its sender is told that it takes long, or that it is parked. After a crash it may hear of the same again. What it answers is
    /// written with the outcome, over <see cref="OutboxOutcome.Records"/>; none may be unique. An exception is logged; a <see cref="StorageUnavailableException"/> at a failure leaves the entry as it is, to
    /// be tried and told once more.
    /// </summary>
    Task<IReadOnlyList<BridgeRecord>> HearAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken);
}
