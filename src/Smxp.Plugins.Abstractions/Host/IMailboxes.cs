using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Plugins.Host;

/// <summary>A mailbox, for bridges: reading, and marks that reach the streams.</summary>
public interface IMailboxes
{
    /// <summary>One message, or null.</summary>
    Task<MailboxEntry?> FindAsync(Address mailbox, string id, CancellationToken cancellationToken);

    /// <summary>Entries of a mailbox.</summary>
    Task<MailboxPage> QueryAsync(MailboxQuery query, CancellationToken cancellationToken);

    /// <summary>Marks as read and tells the streams.</summary>
    Task<MarkResult> MarkAsync(Mark mark, CancellationToken cancellationToken);

    /// <summary>
    /// Says what was heard of messages that were sent before, and tells the streams; all of it in one transaction with the records. False (and nothing written) where a unique record exists: it was said before.
    /// </summary>
    Task<bool> ReportAsync(IReadOnlyList<SendReport> reports, IReadOnlyList<BridgeRecord> records, CancellationToken cancellationToken);

    /// <summary>Checks a password or an API key for an inbox, throttled as sign-in is; false where it is wrong.</summary>
    Task<bool> AuthenticateAsync(Address mailbox, string secret, string client, CancellationToken cancellationToken);

    /// <summary>The addresses in whose name the owner of a mailbox may send: its own, then those served here that delegated <c>send</c> or <c>manage</c> to it (SMXP §6).</summary>
    Task<IReadOnlyList<Address>> SendsAsAsync(Address mailbox, CancellationToken cancellationToken);
}
