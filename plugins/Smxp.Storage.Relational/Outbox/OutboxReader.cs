using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational.Messages;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>Reads outbox entries with their envelopes.</summary>
internal static class OutboxReader
{
    public static async Task<IReadOnlyList<OutboxEntry>> LoadAsync(DataConnection data, IQueryable<OutboxRow> rows, CancellationToken cancellationToken)
    {
        var found = await
            (from row in rows
             join envelope in data.GetTable<EnvelopeRow>() on row.EnvelopeNo equals envelope.EnvelopeNo
             select new { row, envelope.Bytes }).ToListAsync(cancellationToken);
        return [.. found.Select(static pair => Entry(pair.row, pair.Bytes))];
    }

    public static OutboxEntry Entry(OutboxRow row, byte[] envelope) => new()
    {
        Id = row.Id,
        MessageId = StoredText.Decode(row.MessageId),
        Sender = row.Sender is null ? null : Address.Parse(row.Sender),
        Recipient = Address.Parse(StoredText.Decode(row.Recipient)),
        Destination = StoredText.Decode(row.Destination),
        Transport = row.Transport,
        Group = row.Group is null ? null : StoredText.Decode(row.Group),
        Envelope = envelope,
        Attempts = row.Attempts,
        DueAt = row.DueAt,
        LeasedBy = row.LeasedBy,
        LeasedUntil = row.LeasedUntil,
        CreatedAt = row.CreatedAt,
        ExpiresAt = row.ExpiresAt,
        LastError = row.LastError is null ? null : StoredText.Decode(row.LastError),
    };
}
