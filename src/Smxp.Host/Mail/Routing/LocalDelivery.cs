using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using MailboxDelivery = Smxp.Plugins.Storage.Delivery;

namespace Smxp.Host.Mail.Routing;

/// <summary>Turns an envelope for a local address into what is to be committed for it: a row for every inbox it reaches and a forward for every route that leads elsewhere.</summary>
internal sealed class LocalDelivery(LocalRouter router, Forwarder forwarder, IContentTypes contentTypes)
{
    /// <summary>What to commit; null where the address is not found.</summary>
    public async ValueTask<DeliveryPlan?> PlanAsync(Arrival arrival, CancellationToken cancellationToken)
    {
        if (await router.PlanAsync(arrival.Recipient, cancellationToken) is not { } route) return null;
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
                Transport = arrival.Transport,
                CreatedAt = arrival.At,
                SearchText = searchText,
            });
        }

        // A receipt speaks of what its author was sent; to a route's target it says nothing.
        if (route.Forwards.Count == 0 || envelope.Type == EnvelopeType.Receipt) return new DeliveryPlan(deliveries, []);
        List<PreparedForward> forwards = [];
        foreach (RoutedForward forward in route.Forwards)
        {
            if (await forwarder.PrepareAsync(arrival.Envelope, forward, arrival.At, cancellationToken) is { } prepared) forwards.Add(prepared);
        }

        return new DeliveryPlan(deliveries, forwards);
    }
}

/// <summary>An envelope at the local door.</summary>
internal sealed record Arrival(SignedEnvelope Envelope, Address Recipient, string Transport, bool Verified, long At);

/// <summary>What to commit for an arrival.</summary>
internal sealed record DeliveryPlan(IReadOnlyList<MailboxDelivery> Deliveries, IReadOnlyList<PreparedForward> Forwards);
