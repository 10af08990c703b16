using Smxp.Bridge.Email.Relay;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>Notes how mail ended that no attempt's line tells the end of (<see cref="OutboundLedger"/>): its time ran out, the operator dropped it, or it waits for him.</summary>
internal sealed class OutcomeLedger(CrossingLedger ledger, OutgoingLines lines)
{
    /// <summary>What is written with the outcome; nothing where its line is right.</summary>
    public async Task<IReadOnlyList<BridgeRecord>> NoteAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        if ((outcome.Transport ?? entry.Transport) is not (EmailBridge.BridgeName or RelayTransport.TransportName)) return [];
        if (outcome.Status != SendStatus.Failed && !outcome.Parked) return [];
        string key = OutgoingLines.KeyOf(entry);
        var attempted = outcome.Records.FirstOrDefault(record => record.Key == key && record.Mailbox == entry.Sender);
        var line = attempted is not null ? Crossing.Read(key, attempted.Value) : await ledger.GetAsync(entry.Sender, key, cancellationToken) ?? lines.Of(entry);
        if (line.Outcome == CrossingOutcome.Failed) return [];
        return ledger.Records(entry.Sender, key, outcome.Parked ? line with { Reply = outcome.Error } : line with { Outcome = CrossingOutcome.Failed, Reply = outcome.Error, EndedAt = outcome.At });
    }
}
