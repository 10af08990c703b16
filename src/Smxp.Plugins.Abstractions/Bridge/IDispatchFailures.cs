using Smxp.Plugins.Storage;

namespace Smxp.Plugins.Bridge;

/// <summary>
/// A bridge that wants to know what could not be delivered of that for which nobody has a row here: what it sent through <see cref="Host.IDispatch"/>, and what it carries for authors on other servers.
/// Optional, beside <see cref="IBridge"/>.
/// </summary>
public interface IDispatchFailures
{
    /// <summary>
    /// Called for every entry without a <see cref="OutboxEntry.Sender"/> that is given up, whoever made it, from several threads, before that is written down. Where it could not be written down it
    /// is called again, so a bridge remembers what it has told. A <see cref="StorageUnavailableException"/> has it called again later; any other exception is logged, and the entry ends.
    /// </summary>
    Task FailedAsync(OutboxEntry entry, string error, CancellationToken cancellationToken);
}
