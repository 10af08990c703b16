using Smxp.Host.Errors;
using Smxp.Host.Mail.Sending;
using Smxp.Plugins.Bridge;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using MailboxDelivery = Smxp.Plugins.Storage.Delivery;

namespace Smxp.Host.Mail.Routing;

/// <summary>
/// Turns an envelope for a local address into what is to be committed for it: a row for every inbox it reaches, a forward for every route that leads elsewhere, and an entry for the
/// bridge that carries it on.
/// </summary>
internal sealed class LocalDelivery(LocalRouter router, Forwarder forwarder, BridgeClaims claims, OutboxEntries entries, IContentTypes contentTypes)
{
    private const string CarriedLedger = "carried";

    /// <summary>What to commit; null where the address is not found.</summary>
    public async ValueTask<DeliveryPlan?> PlanAsync(Arrival arrival, CancellationToken cancellationToken)
    {
        RoutePlan? route = await router.PlanAsync(arrival.Recipient, cancellationToken);
        RecipientClaim? claim = await claims.AskAsync(arrival, route is not null, cancellationToken);
        if (claim is { Refusal: { } refusal }) return new DeliveryPlan([], [], null, claim.RetryAfter is { } pause ? Rejection.NotNow(refusal, pause) : Rejection.Forbidden(refusal));
        PreparedForward? carried = claim is null ? null : Carry(arrival, claim);
        if (claim is { Alongside: false }) return new DeliveryPlan([], [], carried);
        return route is null ? carried is null ? null : new DeliveryPlan([], [], carried) : await PlanAsync(arrival, route, carried, cancellationToken);
    }

    private async ValueTask<DeliveryPlan> PlanAsync(Arrival arrival, RoutePlan route, PreparedForward? carried, CancellationToken cancellationToken)
    {
        Envelope envelope = arrival.Envelope.Envelope;
        string? searchText = route.Inboxes.Count > 0 ? SearchText.Of(envelope, contentTypes) : null;
        List<MailboxDelivery> deliveries = new(route.Inboxes.Count);
        foreach (Address mailbox in route.Inboxes)
        {
            deliveries.Add(new MailboxDelivery
            {
                Mailbox = mailbox,
                Direction = Direction.In,
                Envelope = arrival.Envelope,
                DeliveredTo = mailbox.ToString(),
                Verified = arrival.Verified,
                Authentication = arrival.Authentication,
                Transport = arrival.Transport,
                CreatedAt = arrival.At,
                SearchText = searchText,
                Participants = arrival.Participants,
            });
        }

        // A receipt speaks of what its author was sent; to a route's target it says nothing.
        if (route.Forwards.Count == 0 || envelope.Type == EnvelopeType.Receipt) return new DeliveryPlan(deliveries, [], carried);
        List<PreparedForward> forwards = [];
        foreach (RoutedForward forward in route.Forwards)
        {
            if (await forwarder.PrepareAsync(arrival.Envelope, forward, arrival.At, cancellationToken) is { } prepared) forwards.Add(prepared);
        }

        return new DeliveryPlan(deliveries, forwards, carried);
    }

    // A sender here is told what becomes of it, unless an inbox has it as well: then it has arrived. The record makes a repeat a duplicate, as a row would.
    private PreparedForward Carry(Arrival arrival, RecipientClaim claim)
    {
        Envelope envelope = arrival.Envelope.Envelope;
        bool tellsSender = arrival.Transport == "local" && !claim.Alongside && envelope.Type != EnvelopeType.Receipt;
        OutboxEntry entry = entries.Create(arrival.Envelope, tellsSender ? Address.Parse(envelope.From) : null, arrival.Recipient, claim.Transport, arrival.Group, arrival.At);
        if (claim.Destination is { } destination) entry = entry with { Destination = destination };
        return new PreparedForward(entry, new BridgeRecord(CarriedLedger, null, $"{envelope.Id}/{arrival.Recipient}", [], Unique: true));
    }
}

/// <summary>An envelope at the local door.</summary>
/// <param name="Envelope">The envelope.</param>
/// <param name="Recipient">Its recipient, of a domain served here.</param>
/// <param name="Transport">The way it came.</param>
/// <param name="Verified">Whether its author is vouched for.</param>
/// <param name="At">Now, Unix seconds.</param>
/// <param name="Group">The same for envelopes of one send call; null for one alone.</param>
internal sealed record Arrival(SignedEnvelope Envelope, Address Recipient, string Transport, bool Verified, long At, string? Group = null)
{
    /// <summary>What was found out about an email's origin.</summary>
    public AuthenticationSummary? Authentication { get; init; }

    /// <summary>Everybody it is between, where there are more than two.</summary>
    public IReadOnlyList<string> Participants { get; init; } = [];
}

/// <summary>What to commit for an arrival.</summary>
/// <param name="Deliveries">Rows for inboxes.</param>
/// <param name="Forwards">What routes send on.</param>
/// <param name="Carried">What a bridge carries on.</param>
/// <param name="Refusal">Why its author may not write to this address; then nothing is committed.</param>
internal sealed record DeliveryPlan(IReadOnlyList<MailboxDelivery> Deliveries, IReadOnlyList<PreparedForward> Forwards, PreparedForward? Carried, Rejection? Refusal = null)
{
    /// <summary>Everything that leaves, with the records that make it leave once.</summary>
    public IEnumerable<PreparedForward> Leaving => Carried is null ? Forwards : Forwards.Append(Carried);
}
