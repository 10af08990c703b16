using Smxp.Plugins.Delivery;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>What a message is not any more once it is a mail (email mapping §4–6). Pure.</summary>
internal sealed class EmailFidelity(OutboundSettings settings) : IFidelity
{
    public ValueTask<IReadOnlyList<Loss>> CompareAsync(Address recipient, Envelope envelope, CancellationToken cancellationToken) => new(Compare(envelope));

    private List<Loss> Compare(Envelope envelope)
    {
        var losses = new List<Loss>();
        if (envelope.Type == EnvelopeType.Message)
        {
            losses.Add(new Loss(LossKind.Edit, LossDegree.Changed));
            losses.Add(new Loss(LossKind.Delete, settings.NotifyDeletes ? LossDegree.Changed : LossDegree.Lost));
            losses.Add(new Loss(LossKind.Receipt, LossDegree.Changed));
        }

        if (envelope.Expires is not null) losses.Add(new Loss(LossKind.Expiry, LossDegree.Changed));
        if (envelope.Attachments.Sum(static attachment => attachment.Encryption?.PlaintextSize ?? attachment.Size) > settings.MaxMessageBytes)
            losses.Add(new Loss(LossKind.Size, LossDegree.Changed, settings.MaxMessageBytes));
        if (envelope.ContentType != "text") losses.Add(new Loss(LossKind.Formatting, LossDegree.Changed));
        if (envelope.Attachments.Any(static attachment => attachment is { Thumbnail: not null } or { Encryption: not null } or { Disposition: "embedded" }))
            losses.Add(new Loss(LossKind.TypedAttachments, LossDegree.Changed));
        return losses;
    }
}
