using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Notifications;
using Smxp.Bridge.Email.Relay;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>
/// Tells authors whose mailboxes are elsewhere what could not be delivered: who is on SMXP by a message in the conversation, who is on email by a delivery status notification. Each is told
/// once: the record that says so is written with the notice.
/// </summary>
internal sealed class PuppetFailures(PuppetDomain domain, PuppetRecords records, PuppetNotices notices, RelayNotices notifications, string spoolDirectory)
{
    /// <summary>Something that left here has been given up, or waits for the operator. What has nothing to do with puppets is ignored.</summary>
    /// <exception cref="StorageUnavailableException">It could not be told now.</exception>
    public async Task TellAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        bool isTold = domain.Behind(entry.Recipient) is { } correspondent
            ? await TellPersonAsync(entry, correspondent, outcome, cancellationToken)
            : await records.ArrivalOfAsync(entry.MessageId, cancellationToken) is not { } arrival || await NotifyAsync(entry, arrival, outcome, cancellationToken);
        if (!isTold) throw new StorageUnavailableException("That a message could not be delivered cannot be told now.");
    }

    private async Task<bool> TellPersonAsync(OutboxEntry entry, Address correspondent, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        if (!SignedEnvelope.TryParse(entry.Envelope, out var signed, out _) || !Address.TryParse(signed.Envelope.From, out var person)) return true;
        // Of a receipt or a deletion that went nowhere, nobody wants to read; and notices about notices would never end.
        if (signed.Envelope.Type is EnvelopeType.Receipt or EnvelopeType.Delete || MessageNotice.Is(signed.Envelope)) return true;
        var result = await notices.SendAsync(
            new PuppetPair(person, correspondent), entry.MessageId, signed.Envelope.ConversationId, ActionOf(outcome), WordsOf(outcome), [RecordOf(entry, outcome)], cancellationToken);
        return result.Kind != IntakeKind.Unavailable;
    }

    private async Task<bool> NotifyAsync(OutboxEntry entry, PuppetArrival arrival, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        var slip = new RelaySlip
        {
            Id = $"puppet-{entry.MessageId}",
            Sender = arrival.Sender,
            ReturnPath = "",
            Recipient = arrival.Recipient,
            Size = arrival.Header.Length,
            ArrivedAt = arrival.ArrivedAt,
            IsAnswer = arrival.IsAnswer,
            Wishes = arrival.Wishes,
        };
        if (!(outcome.Parked ? RelayNotices.MayConcernParking(slip) : RelayNotices.Concerns(slip, DsnAction.Failed))) return true;
        await using var header = new MessageSpool(spoolDirectory);
        await header.WriteAsync(arrival.Header, cancellationToken);
        return await notifications.SendAsync(slip, ActionOf(outcome), WordsOf(outcome), header, triedUntil: null, RecordOf(entry, outcome), cancellationToken);
    }

    private static DsnAction ActionOf(OutboxOutcome outcome) => outcome.Parked ? DsnAction.Delayed : DsnAction.Failed;

    private static string WordsOf(OutboxOutcome outcome) => outcome.Error ?? "refused";

    private static BridgeRecord RecordOf(OutboxEntry entry, OutboxOutcome outcome) => outcome.Parked ? PuppetRecords.ToldOfParking(entry.MessageId) : PuppetRecords.Told(entry.MessageId);
}
