using Smxp.Host.Configuration;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Sending;

/// <summary>Makes outbox entries.</summary>
internal sealed class OutboxEntries(SmxpOptions options)
{
    /// <param name="envelope">What leaves.</param>
    /// <param name="sender">Whose row is told; null for a forward or a receipt.</param>
    /// <param name="recipient">To whom.</param>
    /// <param name="transport">The way it must take; null to choose at each attempt.</param>
    /// <param name="group">What was sent in one call.</param>
    /// <param name="now">Unix seconds.</param>
    public OutboxEntry Create(SignedEnvelope envelope, Address? sender, Address recipient, string? transport, string? group, long now) => new()
    {
        Id = Guid.CreateVersion7().ToString(),
        MessageId = envelope.Envelope.Id,
        Sender = sender,
        Recipient = recipient,
        Destination = recipient.Domain,
        Transport = transport,
        Group = group,
        Envelope = envelope.Utf8,
        DueAt = now,
        CreatedAt = now,
        ExpiresAt = now + (options.Federation.GiveUpAfterHours * 3600L),
    };

    /// <summary>An entry with what a bridge sends on.</summary>
    public OutboxEntry Create(Dispatch dispatch, long now) => new()
    {
        Id = Guid.CreateVersion7().ToString(),
        MessageId = dispatch.MessageId,
        Sender = dispatch.Sender,
        Recipient = dispatch.Recipient,
        Destination = dispatch.Destination ?? dispatch.Recipient.Domain,
        Transport = dispatch.Transport,
        Group = dispatch.Group,
        Envelope = dispatch.Content,
        DueAt = Math.Max(now, dispatch.NotBefore ?? now),
        CreatedAt = now,
        ExpiresAt = now + (options.Federation.GiveUpAfterHours * 3600L),
    };
}
