using Smxp.Bridge.Email.Relay;
using Smxp.Bridge.Email.Threads;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>The ledger's line of something that leaves, before anything is known of how it went. Pure.</summary>
/// <param name="puppetDomain">The domain that mail of people elsewhere leaves From; null where there is none.</param>
internal sealed class OutgoingLines(string? puppetDomain)
{
    public static string KeyOf(OutboxEntry entry) => CrossingKey.Of(entry.CreatedAt, entry.MessageId, entry.Id);

    public Crossing Of(OutboxEntry entry)
    {
        var line = new Crossing
        {
            At = entry.CreatedAt,
            Direction = CrossingDirection.Out,
            Outcome = CrossingOutcome.Waiting,
            To = entry.Recipient.ToString(),
            Id = entry.MessageId,
        };
        if (entry.Transport == RelayTransport.TransportName) return OfRelayed(line with { Direction = CrossingDirection.Relay }, entry);
        if (!SignedEnvelope.TryParse(entry.Envelope, out var signed, out _)) return line;
        var envelope = signed.Envelope;
        bool isPuppets = entry.Sender is null && puppetDomain == entry.Recipient.Domain;
        return line with
        {
            From = envelope.From,
            MessageId = MessageIds.Of(isPuppets ? envelope with { From = $"puppet@{puppetDomain}" } : envelope),
            ConversationId = envelope.ConversationId,
            Became = Transformation.OfMessage(envelope),
        };
    }

    private static Crossing OfRelayed(Crossing line, OutboxEntry entry)
    {
        try
        {
            var slip = RelayTicket.Read(entry.Envelope).Slip;
            return line with { From = slip.Sender.Length > 0 ? slip.Sender : null, MessageId = slip.MessageId };
        }
        catch (InvalidDataException)
        {
            // It fails for that, and the line says so.
            return line;
        }
    }
}
