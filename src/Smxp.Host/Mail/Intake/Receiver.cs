using Smxp.Host.Errors;
using Smxp.Host.Mail.Routing;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Intake;

/// <summary>The way into the corridor: routes an envelope that is believed, and commits its rows and forwards in one transaction.</summary>
internal sealed class Receiver(LocalDirectory directory, LocalDelivery local, Committer committer, TimeProvider time)
{
    private const int MostTries = 3;

    public async Task<ReceiveOutcome> ReceiveAsync(Incoming incoming, CancellationToken cancellationToken)
    {
        Envelope envelope = incoming.Envelope.Envelope;
        if (!Address.TryParse(envelope.To, out Address? recipient)) return ReceiveOutcome.Refused(Rejection.Malformed("to is not an address"), envelope);
        if (!await directory.IsLocalAsync(recipient.Domain, cancellationToken)) return ReceiveOutcome.Refused(Rejection.DomainNotHere, envelope);
        var arrival = new Arrival(incoming.Envelope, recipient, incoming.Transport, incoming.Verified, time.GetUtcNow().ToUnixTimeSeconds())
        {
            Authentication = incoming.Authentication,
            Participants = incoming.Participants,
        };
        for (int tries = 1; ; tries++)
        {
            if (await local.PlanAsync(arrival, cancellationToken) is not { } plan) return ReceiveOutcome.Refused(Rejection.AddressNotFound, envelope);
            if (plan.Refusal is { } refusal) return ReceiveOutcome.Refused(refusal, envelope);
            // Every target had the original before: to its sender this is as good as delivered (SMXP §6).
            if (plan.Deliveries.Count == 0 && !plan.Leaving.Any() && envelope.Type != EnvelopeType.Receipt) return ReceiveOutcome.Refused(Rejection.Duplicate, envelope);
            OutboxEntry[] outbox = [.. plan.Leaving.Select(static leaving => leaving.Entry)];
            BridgeRecord[] records = [.. incoming.Records, .. plan.Leaving.Select(static leaving => leaving.Record)];
            CommitResult result = await committer.CommitAsync(new Commit { Deliveries = plan.Deliveries, Outbox = outbox, BridgeRecords = records }, awaited: false);
            switch (result.Outcome)
            {
                case CommitOutcome.Stored:
                    return new ReceiveOutcome(
                        null, envelope.Id, recipient.ToString(), DeliveredTo(plan),
                        [.. plan.Forwards.Select(static forward => forward.Entry.Recipient.ToString())], envelope.Type == EnvelopeType.Receipt ? result.Updated : null);
                case CommitOutcome.NotAuthor:
                    return ReceiveOutcome.Refused(Rejection.NotAuthor, envelope);
                default:
                    // Somebody may have made the same forward in the meantime; planned anew, it is left out.
                    if (plan.Forwards.Count == 0 || tries == MostTries) return ReceiveOutcome.Refused(Rejection.Duplicate, envelope);
                    break;
            }
        }
    }

    // What a bridge carries on has reached its address here, as far as its sender is concerned.
    private static IReadOnlyList<string> DeliveredTo(DeliveryPlan plan)
    {
        var inboxes = plan.Deliveries.Select(static delivery => delivery.DeliveredTo);
        return [.. plan.Carried is { } carried ? inboxes.Append(carried.Entry.Recipient.ToString()).Distinct() : inboxes];
    }
}

/// <summary>An envelope that is believed, for a domain served here.</summary>
internal sealed record Incoming(SignedEnvelope Envelope, string Transport, bool Verified, IReadOnlyList<BridgeRecord> Records)
{
    /// <summary>What was found out about an email's origin.</summary>
    public AuthenticationSummary? Authentication { get; init; }

    /// <summary>Everybody it is between, where there are more than two.</summary>
    public IReadOnlyList<string> Participants { get; init; } = [];
}
