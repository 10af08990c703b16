using System.Text;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Plugins.Conformance.Storage;

/// <summary>Envelopes and commits for the tests. The signature is not a real one: stores never look at it.</summary>
public static class Letters
{
    private static readonly DateTimeOffset Begun = DateTimeOffset.UtcNow;
    private static int _entries;

    public static readonly Address Alice = Address.Parse("alice@example.test");
    public static readonly Address Bob = Address.Parse("bob@example.test");

    private static int _serial;

    /// <summary>A mailbox nobody else uses.</summary>
    public static Address NewMailbox(string name = "user") => Address.Parse($"{name}{Interlocked.Increment(ref _serial)}.{Guid.NewGuid():n}@example.test");

    public static SignedEnvelope Write(
        Address from, Address to, string body = "hello", string conversation = "c1", long timestamp = 1000, string type = EnvelopeType.Message, string? inReplyTo = null, string? subject = null) =>
        Sign(new Envelope
        {
            From = from.ToString(),
            To = to.ToString(),
            Timestamp = timestamp,
            ConversationId = conversation,
            Type = type,
            Subject = subject,
            Body = body,
            InReplyTo = inReplyTo,
        });

    public static SignedEnvelope Sign(Envelope envelope) => SignedEnvelope.Sign(envelope, "key", static _ => new byte[64]);

    public static Plugins.Storage.Delivery In(SignedEnvelope envelope, Address? mailbox = null) => new()
    {
        Mailbox = mailbox ?? Address.Parse(envelope.Envelope.To),
        Direction = Direction.In,
        Envelope = envelope,
        DeliveredTo = envelope.Envelope.To,
        Verified = true,
        CreatedAt = envelope.Envelope.Timestamp,
    };

    public static Plugins.Storage.Delivery Out(SignedEnvelope envelope, SendStatus status = SendStatus.Sent, Address? mailbox = null) => new()
    {
        Mailbox = mailbox ?? Address.Parse(envelope.Envelope.From),
        Direction = Direction.Out,
        Envelope = envelope,
        DeliveredTo = envelope.Envelope.To,
        Verified = true,
        Status = status,
        CreatedAt = envelope.Envelope.Timestamp,
    };

    public static Commit Of(params Plugins.Storage.Delivery[] deliveries) => new() { Deliveries = deliveries };

    public static OutboxEntry Outgoing(SignedEnvelope envelope, long dueAt = 1000, string? destination = null, Address? sender = null) => new()
    {
        // Two of one millisecond would have no order.
        Id = Guid.CreateVersion7(Begun.AddMilliseconds(Interlocked.Increment(ref _entries))).ToString(),
        MessageId = envelope.Envelope.Id,
        Sender = sender,
        Recipient = Address.Parse(envelope.Envelope.To),
        Destination = destination ?? Address.Parse(envelope.Envelope.To).Domain,
        Envelope = envelope.Utf8,
        DueAt = dueAt,
        CreatedAt = 1000,
        ExpiresAt = 100_000,
    };

    public static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
