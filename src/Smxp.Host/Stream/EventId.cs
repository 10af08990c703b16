using System.Globalization;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Stream;

/// <summary>
/// The <c>id:</c> of an event, from which a stream is resumed. It must name one place in the mailbox: a message's id does, except where one's own message comes back in
/// (then the sent copy has it), and what changed without a message has none. Those are named by their place itself, <c>@</c> and the sequence.
/// </summary>
internal static class EventId
{
    private const int PageSize = 100;

    public static string Of(MailboxEntry entry) =>
        entry.Kind is EnvelopeType.Message or EnvelopeType.Edit or EnvelopeType.Delete && !IsOwnComingBack(entry)
            ? entry.Id
            : Of(entry.Sequence);

    public static string Of(long sequence) => "@" + sequence.ToString(CultureInfo.InvariantCulture);

    /// <summary>The place an id names; 0, so that everything is replayed, where it is not known: too much can be told apart by the reader, too little cannot.</summary>
    public static async Task<long> ResolveAsync(string id, Address mailbox, IMessageStore store, CancellationToken cancellationToken)
    {
        if (id.StartsWith('@')) return long.TryParse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence) ? sequence : 0;
        if (await store.FindAsync(mailbox, id, cancellationToken) is not { } entry) return 0;
        return IsOwnComingBack(entry) ? await FindSentAsync(entry, store, cancellationToken) ?? entry.Sequence : entry.Sequence;
    }

    private static bool IsOwnComingBack(MailboxEntry entry) =>
        entry.Direction == Direction.In && string.Equals(entry.Envelope?.Envelope.From, entry.Mailbox.ToString(), StringComparison.OrdinalIgnoreCase);

    private static async Task<long?> FindSentAsync(MailboxEntry received, IMessageStore store, CancellationToken cancellationToken)
    {
        var query = new MailboxQuery { Mailbox = received.Mailbox, Kinds = [received.Kind], Direction = Direction.Out, ConversationId = received.ConversationId, Limit = PageSize };
        while (true)
        {
            MailboxPage page = await store.QueryAsync(query, cancellationToken);
            foreach (MailboxEntry entry in page.Entries)
            {
                if (entry.Id == received.Id) return entry.Sequence;
            }

            if (!page.HasMore || page.Entries.Count == 0) return null;
            query = query with { Before = page.Entries[^1].Sequence };
        }
    }
}
