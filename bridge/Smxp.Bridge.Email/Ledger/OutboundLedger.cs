using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>
/// Notes every attempt of a transport. The line goes along with the attempt's outcome and is written when that is settled, in one transaction; a later attempt adds to it.
/// </summary>
internal sealed class OutboundLedger(ITransport transport, IFidelity fidelity, CrossingLedger ledger, OutgoingLines lines, TimeProvider time) : ITransport, IFidelity
{
    private const int MostAttempts = 40;

    public string Name => transport.Name;

    public int Order => transport.Order;

    public TimeSpan HoldTime => transport.HoldTime;

    public ValueTask<Reach> ReachAsync(Address recipient, CancellationToken cancellationToken) => transport.ReachAsync(recipient, cancellationToken);

    public ValueTask<IReadOnlyList<Loss>> CompareAsync(Address recipient, Envelope envelope, CancellationToken cancellationToken) => fidelity.CompareAsync(recipient, envelope, cancellationToken);

    public void ForgetFailures() => transport.ForgetFailures();

    public async Task<HandOver> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        var result = await transport.SendAsync(entry, cancellationToken);
        // What leaves nothing behind (email mapping §6: most deletes and receipts) is no crossing.
        var envelope = SignedEnvelope.TryParse(entry.Envelope, out var signed, out _) ? signed.Envelope : null;
        if (envelope?.Type is EnvelopeType.Delete or EnvelopeType.Receipt && result is { Reply: null, Kind: HandOverKind.Accepted }) return result;
        return result with { Records = [.. result.Records, .. await NoteAsync(entry, result, cancellationToken)] };
    }

    private async Task<IReadOnlyList<BridgeRecord>> NoteAsync(OutboxEntry entry, HandOver result, CancellationToken cancellationToken)
    {
        string key = OutgoingLines.KeyOf(entry);
        var before = entry.Attempts > 0 ? await ledger.GetAsync(entry.Sender, key, cancellationToken) : null;
        string outcome = result.Kind switch
        {
            HandOverKind.Accepted => CrossingOutcome.Sent,
            HandOverKind.Rejected => CrossingOutcome.Failed,
            _ => CrossingOutcome.Waiting,
        };
        string? reply = result.Reply ?? result.Error;
        var attempt = new CrossingAttempt(time.GetUtcNow().ToUnixTimeSeconds(), outcome, reply);
        return ledger.Records(entry.Sender, key, lines.Of(entry) with { Outcome = outcome, Reply = reply, Attempts = [.. (before?.Attempts ?? []).TakeLast(MostAttempts - 1), attempt] });
    }
}
