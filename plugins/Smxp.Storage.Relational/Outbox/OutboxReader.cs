using System.Data.Common;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Outbox;

/// <summary>Reads outbox entries with their envelopes.</summary>
internal static class OutboxReader
{
    private const string Facts =
        """
        SELECT o.id, o.message_id, o.sender, o.recipient, o.destination, o.transport, o.send_group, o.attempts, o.due_at, o.leased_by, o.leased_until,
        o.created_at, o.expires_at, o.last_error, o.faults, o.audience, o.asks_receipt
        """;

    private const string Columns = $"{Facts}, v.bytes FROM outbox o JOIN envelopes v ON v.envelope_no = o.envelope_no";

    /// <summary>One entry.</summary>
    public static OutboxEntry Read(Statements statements, string id)
    {
        using DbDataReader row = statements[$"{Columns} WHERE o.id = @p0"].Read(id);
        return row.Read() ? Entry(row) : throw new InvalidOperationException("A leased entry does not exist, or has no envelope.");
    }

    /// <summary>A page of all entries, or of one message's.</summary>
    public static async Task<IReadOnlyList<OutboxEntry>> ListAsync(Statements statements, string? messageId, string? after, int limit, CancellationToken cancellationToken)
    {
        string which = messageId is null ? "WHERE o.id > @p0" : "WHERE o.id > @p0 AND o.message_id = @p2";
        object?[] values = messageId is null ? [after ?? "", limit] : [after ?? "", limit, StoredText.Encode(messageId)];
        var entries = new List<OutboxEntry>();
        await using DbDataReader row = await statements[$"{Columns} {which} ORDER BY o.id LIMIT @p1"].ReadAsync(values, cancellationToken);
        while (await row.ReadAsync(cancellationToken)) entries.Add(Entry(row));
        return entries;
    }

    /// <summary>The entries that fit, without their envelopes, which may be large.</summary>
    public static async Task<IReadOnlyList<OutboxEntry>> DescribeAsync(Statements statements, string which, object?[] values, CancellationToken cancellationToken)
    {
        var entries = new List<OutboxEntry>();
        await using DbDataReader row = await statements[$"{Facts} FROM outbox o WHERE {which}"].ReadAsync(values, cancellationToken);
        while (await row.ReadAsync(cancellationToken)) entries.Add(Describe(row));
        return entries;
    }

    private static OutboxEntry Entry(DbDataReader row) => Describe(row) with { Envelope = row.GetFieldValue<byte[]>(17) };

    private static OutboxEntry Describe(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        MessageId = StoredText.Decode(row.GetString(1)),
        Sender = row.IsDBNull(2) ? null : Address.Parse(row.GetString(2)),
        Recipient = Address.Parse(StoredText.Decode(row.GetString(3))),
        Destination = StoredText.Decode(row.GetString(4)),
        Transport = row.IsDBNull(5) ? null : row.GetString(5),
        Group = row.IsDBNull(6) ? null : StoredText.Decode(row.GetString(6)),
        Envelope = default,
        Attempts = row.GetInt32(7),
        DueAt = row.GetInt64(8),
        LeasedBy = row.IsDBNull(9) ? null : row.GetString(9),
        LeasedUntil = row.IsDBNull(10) ? null : row.GetInt64(10),
        CreatedAt = row.GetInt64(11),
        ExpiresAt = row.GetInt64(12),
        LastError = row.IsDBNull(13) ? null : StoredText.Decode(row.GetString(13)),
        Faults = row.GetInt32(14),
        Audience = row.IsDBNull(15) ? [] : [.. StoredText.Split(row.GetString(15)).Select(static address => Address.Parse(address))],
        AsksReceipt = row.GetBoolean(16),
    };
}
