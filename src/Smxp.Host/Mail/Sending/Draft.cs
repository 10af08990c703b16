using Smxp.Plugins.Storage;
using Smxp.Protocol;
using MailboxDelivery = Smxp.Plugins.Storage.Delivery;

namespace Smxp.Host.Mail.Sending;

/// <summary>Everything one send call is about to commit.</summary>
internal sealed class Draft
{
    public List<MailboxDelivery> Deliveries { get; } = [];
    public List<OutboxEntry> Outbox { get; } = [];
    public List<BridgeRecord> Records { get; } = [];

    /// <summary>Per recipient, in the order asked: the envelope, and the entry that carries it where it leaves.</summary>
    public List<(Address Recipient, SignedEnvelope Envelope, OutboxEntry? Entry)> Addressed { get; } = [];

    /// <summary>Takes along what a bridge remembers with the messages.</summary>
    public void Remember(IReadOnlyDictionary<Address, IReadOnlyList<BridgeRecord>>? records)
    {
        if (records is null) return;
        foreach ((Address recipient, SignedEnvelope envelope, _) in Addressed)
        {
            if (!records.TryGetValue(recipient, out IReadOnlyList<BridgeRecord>? kept)) continue;
            Records.AddRange(kept.Select(record => record with { Key = record.Key.Replace("{id}", envelope.Envelope.Id, StringComparison.Ordinal) }));
        }
    }

    public Commit ToCommit() => new() { Deliveries = Deliveries, Outbox = Outbox, BridgeRecords = Records };
}
