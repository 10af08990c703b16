using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages;

/// <summary>Loads entries by their keys, with the envelopes they show.</summary>
internal static class EntryReader
{
    /// <summary>The entries with these keys, in their order, as far as they fit the number of bytes; the first one always.</summary>
    public static async Task<List<MailboxEntry>> LoadAsync(
        DataConnection data, Address mailbox, IReadOnlyList<long> keys, long maxBytes, CancellationToken cancellationToken)
    {
        if (keys.Count == 0) return [];
        IQueryable<EntryRow> chosen = data.GetTable<EntryRow>().Where(entry => keys.Contains(entry.EntryId));
        IQueryable<EntryRow> ordered = keys[0] <= keys[^1] ? chosen.OrderBy(entry => entry.EntryId) : chosen.OrderByDescending(entry => entry.EntryId);
        var rows =
            from entry in ordered
            join conversation in data.GetTable<ConversationRow>() on entry.ConversationNo equals conversation.ConversationNo
            from sent in data.GetTable<EnvelopeRow>().LeftJoin(sent => sent.EnvelopeNo == entry.EnvelopeNo)
            from current in data.GetTable<EnvelopeRow>().LeftJoin(current => current.EnvelopeNo == entry.CurrentNo)
            select new { entry, conversation.ConversationId, Sent = sent.Bytes, Current = current.Bytes };

        var entries = new List<MailboxEntry>(keys.Count);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            maxBytes -= (row.Sent?.Length ?? 0) + (row.Current?.Length ?? 0);
            if (maxBytes < 0 && entries.Count > 0) break;
            entries.Add(Entry(row.entry, mailbox, StoredText.Decode(row.ConversationId), row.Sent, row.Current));
        }

        return entries;
    }

    private static MailboxEntry Entry(EntryRow row, Address mailbox, string conversationId, byte[]? sent, byte[]? current) => new()
    {
        Sequence = EntryKey.Sequence(row.EntryId),
        ModifiedSequence = row.ModifiedSequence,
        Kind = Lane.KindOf(row.Lane),
        Id = StoredText.Decode(row.MessageId),
        Mailbox = mailbox,
        Direction = Lane.DirectionOf(row.Lane),
        Envelope = Parse(sent),
        Current = Parse(current),
        ConversationId = conversationId,
        DeliveredTo = StoredText.Decode(row.DeliveredTo),
        Verified = row.Verified,
        OnBehalfOf = row.OnBehalfOf is null ? null : StoredText.Decode(row.OnBehalfOf),
        Transport = row.Transport,
        ReadStatus = row.ReadStatus,
        Status = (SendStatus?)row.Status,
        Error = row.Error is null ? null : StoredText.Decode(row.Error),
        EditedBy = row.EditedBy is null ? null : StoredText.Decode(row.EditedBy),
        Deleted = row.Deleted,
        Affected = StoredText.Split(row.Affected),
        CreatedAt = row.CreatedAt,
    };

    /// <summary>The envelope of stored bytes. They were an envelope when they were stored, so anything else is damage.</summary>
    public static SignedEnvelope? Parse(byte[]? stored)
    {
        if (stored is null) return null;
        return SignedEnvelope.TryParse(stored, out SignedEnvelope? envelope, out string? error)
            ? envelope
            : throw new StorageUnavailableException($"A stored envelope is damaged: {error}");
    }
}
