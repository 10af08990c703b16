using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>What leaves for an outbox entry: the message, with an edit made while it waited already in it (email mapping §6), so that it leaves once.</summary>
internal sealed class HeldMessages(IMailboxes mailboxes)
{
    public async Task<HeldMessage> ReadAsync(OutboxEntry entry, Envelope envelope, CancellationToken cancellationToken)
    {
        if (envelope.Type != EnvelopeType.Edit || envelope.Id == entry.MessageId || entry.Sender is not { } sender) return new HeldMessage(envelope, envelope);
        if (await mailboxes.FindAsync(sender, entry.MessageId, cancellationToken) is not { Envelope.Envelope: { } original }) return new HeldMessage(envelope, envelope);
        return new HeldMessage(original, original with
        {
            Subject = envelope.Subject ?? original.Subject,
            Body = envelope.Body,
            ContentType = envelope.ContentType,
            Attachments = envelope.Attachments.Count > 0 ? envelope.Attachments : original.Attachments,
        });
    }
}

/// <summary>A message about to leave.</summary>
/// <param name="Written">As it was first written; what its id and its group's ids follow from.</param>
/// <param name="Shown">As it leaves.</param>
internal sealed record HeldMessage(Envelope Written, Envelope Shown);
