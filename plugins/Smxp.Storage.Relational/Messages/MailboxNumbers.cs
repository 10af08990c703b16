using System.Collections.Concurrent;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages;

/// <summary>The numbers of mailboxes. A number never changes, so those in use are kept in memory.</summary>
internal sealed class MailboxNumbers
{
    private const int MostKept = 100_000;
    private readonly ConcurrentDictionary<Address, long> _known = new();

    /// <summary>The number of a mailbox; null where nothing was ever stored in it.</summary>
    public async ValueTask<long?> FindAsync(Statements statements, Address mailbox, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(mailbox, out long known)) return known;
        long? number = await statements["SELECT mailbox_no FROM mailboxes WHERE address = @p0"].NumberAsync([mailbox.ToString()], cancellationToken);
        if (number is null) return null;
        if (_known.Count >= MostKept) _known.Clear();
        _known[mailbox] = number.Value;
        return number;
    }
}
