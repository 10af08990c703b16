using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>
/// Notes every attempt of a transport. The line goes along with the attempt's outcome and is written when that is settled, in one transaction; a later attempt adds to it.
/// </summary>
internal sealed class OutboundLedger(ITransport transport, CrossingLedger ledger, string direction, TimeProvider time) : ITransport
{
    private const int MostAttempts = 40;

    public string Name => transport.Name;

    public int Order => transport.Order;

    public ValueTask<Reach> ReachAsync(Address recipient, CancellationToken cancellationToken) => transport.ReachAsync(recipient, cancellationToken);

    public async Task<HandOver> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        var result = await transport.SendAsync(entry, cancellationToken);
        // What leaves nothing behind (email mapping §6: most deletes and receipts) is no crossing.
        if (!SignedEnvelope.TryParse(entry.Envelope, out var signed, out _)) return result;
        bool isMail = signed.Envelope.Type is EnvelopeType.Message or EnvelopeType.Edit;
        if (!isMail && result.Reply is null && result.Kind == HandOverKind.Accepted) return result;
        return result with { Records = [.. result.Records, .. await NoteAsync(entry, signed.Envelope, result, cancellationToken)] };
    }

    private async Task<IReadOnlyList<BridgeRecord>> NoteAsync(OutboxEntry entry, Envelope envelope, HandOver result, CancellationToken cancellationToken)
    {
        string key = CrossingKey.Of(entry.CreatedAt, entry.MessageId, entry.Id);
        var before = entry.Attempts > 0 ? await ledger.GetAsync(entry.Sender, key, cancellationToken) : null;
        string outcome = result.Kind switch
        {
            HandOverKind.Accepted => CrossingOutcome.Sent,
            HandOverKind.Rejected => CrossingOutcome.Failed,
            _ => CrossingOutcome.Waiting,
        };
        string? reply = result.Reply ?? result.Error;
        var attempt = new CrossingAttempt(time.GetUtcNow().ToUnixTimeSeconds(), outcome, reply);
        var crossing = new Crossing
        {
            At = entry.CreatedAt,
            Direction = direction,
            Outcome = outcome,
            From = envelope.From,
            To = entry.Recipient.ToString(),
            MessageId = Threads.MessageIds.Of(envelope),
            ConversationId = envelope.ConversationId,
            Became = Transformation.OfMessage(envelope),
            Reply = reply,
            Attempts = [.. (before?.Attempts ?? []).TakeLast(MostAttempts - 1), attempt],
        };
        return ledger.Records(entry.Sender, key, crossing);
    }
}
