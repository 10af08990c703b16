using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Host.Mail.Routing;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using MailboxDelivery = Smxp.Plugins.Storage.Delivery;

namespace Smxp.Host.Mail.Sending;

/// <summary>
/// Writes the envelopes of a submission, one per recipient, and gathers what goes with them: the sender's own rows, the rows of local recipients, the outbox entries of the others.
/// Nothing is stored here, so that all of it can be committed at once, or written again a second later.
/// </summary>
internal sealed class Composer(LocalDirectory directory, LocalDelivery local, WayFinder ways, EnvelopeSigner signer, OutboxEntries entries, IContentTypes contentTypes, SmxpOptions options)
{
    public async Task<(Rejection? Rejection, Draft Draft)> ComposeAsync(Submission submission, IssuedAttachments attachments, long timestamp, long now, CancellationToken cancellationToken)
    {
        var draft = new Draft();
        // Known before it is signed: an id is of what a message says.
        string? group = submission.To.Count > 1 ? ContentId.Compute(Write(submission, submission.To[0], attachments.For(0), timestamp)) : null;
        IReadOnlyDictionary<Address, string?> remote = await ways.FindAsync(submission.To, cancellationToken);
        for (int index = 0; index < submission.To.Count; index++)
        {
            Address recipient = submission.To[index];
            Envelope envelope = Write(submission, recipient, attachments.For(index), timestamp);
            Rejection? rejection = remote.TryGetValue(recipient, out string? transport)
                ? await AddRemoteAsync(draft, submission, recipient, envelope, transport, group, now, cancellationToken)
                : await AddLocalAsync(draft, submission, recipient, envelope, group, now, cancellationToken);
            if (rejection is not null) return (rejection, draft);
        }

        for (int index = 0; index < draft.Outbox.Count; index++) draft.Outbox[index] = Complete(draft.Outbox[index], submission, now);
        return (null, draft);
    }

    /// <summary>The envelope for one recipient, not signed yet.</summary>
    public static Envelope Write(Submission submission, Address recipient, IReadOnlyList<Attachment> attachments, long timestamp) => new()
    {
        From = submission.From.ToString(),
        To = recipient.ToString(),
        Timestamp = timestamp,
        ConversationId = submission.ConversationId!,
        Type = submission.Type,
        ContentType = submission.ContentType,
        Name = string.IsNullOrWhiteSpace(submission.Name) ? null : submission.Name,
        Subject = submission.Subject,
        Body = submission.Body,
        InReplyTo = string.IsNullOrEmpty(submission.InReplyTo) ? null : submission.InReplyTo,
        Expires = submission.Expires,
        Attachments = attachments,
    };

    // What a transport is told of the call beside the envelope. A route's forward is no part of it.
    private OutboxEntry Complete(OutboxEntry entry, Submission submission, long now)
    {
        if (entry.Group is not null) entry = entry with { Audience = submission.To };
        if (entry.Sender is null) return entry;
        if (entry.Transport is not { } transport || ways.HoldTimeOf(transport) is not { Ticks: > 0 } hold) return entry with { AsksReceipt = submission.RequestReceipt };
        return submission.Type == EnvelopeType.Message
            ? entry with { AsksReceipt = submission.RequestReceipt, DueAt = now + (long)Math.Ceiling(hold.TotalSeconds) }
            : entry with { Supersedes = submission.InReplyTo };
    }

    private async Task<Rejection?> AddLocalAsync(Draft draft, Submission submission, Address recipient, Envelope envelope, string? group, long now, CancellationToken cancellationToken)
    {
        SignedEnvelope signed = await signer.SignAsync(envelope, submission.From.Domain, options.Signatures.Local, cancellationToken);
        if (Unacceptable(signed) is { } wrong) return wrong;
        DeliveryPlan? plan = await local.PlanAsync(new Arrival(signed, recipient, "local", Verified: true, now, group), cancellationToken);
        if (plan is null)
        {
            return !await directory.IsLocalAsync(recipient.Domain, cancellationToken) ? Rejection.DomainNotHere
                : submission.To.Count == 1 ? Rejection.AddressNotFound : Rejection.NotFound($"recipient address {recipient}");
        }

        if (plan.Refusal is { } refusal) return refusal;
        // What only a bridge carries is on its way; what lies in an inbox as well has arrived.
        OutboxEntry? awaited = plan.Deliveries.Count + plan.Forwards.Count == 0 ? plan.Carried?.Entry : null;
        AddOwnRow(draft, submission, signed, awaited?.Transport ?? "local", awaited is null ? SendStatus.Sent : SendStatus.Queued, now);
        draft.Deliveries.AddRange(plan.Deliveries);
        foreach (PreparedForward leaving in plan.Leaving)
        {
            draft.Outbox.Add(leaving.Entry);
            draft.Records.Add(leaving.Record);
        }

        draft.Addressed.Add((recipient, signed, awaited));
        return null;
    }

    private async Task<Rejection?> AddRemoteAsync(
        Draft draft, Submission submission, Address recipient, Envelope envelope, string? transport, string? group, long now, CancellationToken cancellationToken)
    {
        // SMXP §5: peers verify the default algorithm; what a bridge carries on is only attested, and the cheap key does.
        bool bridged = transport is not null and not "smxp";
        SignedEnvelope signed = await signer.SignAsync(envelope, submission.From.Domain, bridged ? options.Signatures.Local : options.Signatures.Default, cancellationToken);
        if (Unacceptable(signed) is { } wrong) return wrong;
        bool tellsSender = submission.Type != EnvelopeType.Receipt;
        OutboxEntry entry = entries.Create(signed, tellsSender ? submission.From : null, recipient, bridged ? transport : null, group, now);
        AddOwnRow(draft, submission, signed, transport ?? "smxp", SendStatus.Queued, now);
        draft.Outbox.Add(entry);
        draft.Addressed.Add((recipient, signed, entry));
        return null;
    }

    private void AddOwnRow(Draft draft, Submission submission, SignedEnvelope envelope, string transport, SendStatus status, long now)
    {
        // SMXP §2: a receipt is applied, never stored; its author has nothing to keep.
        if (submission.Type == EnvelopeType.Receipt) return;
        draft.Deliveries.Add(new MailboxDelivery
        {
            Mailbox = submission.From,
            Direction = Direction.Out,
            Envelope = envelope,
            DeliveredTo = envelope.Envelope.To,
            Verified = true,
            OnBehalfOf = submission.OnBehalfOf?.ToString(),
            Transport = transport,
            Status = status,
            CreatedAt = now,
            SearchText = SearchText.Of(envelope.Envelope, contentTypes),
            Participants = submission.To.Count > 1 ? [.. submission.To.Select(static address => address.ToString())] : [],
        });
    }

    private Rejection? Unacceptable(SignedEnvelope signed)
    {
        if (signed.Utf8.Length > options.Federation.MaxEnvelopeBytes) return Rejection.TooLarge;
        // What no peer would accept is refused, and what could not be read back is not stored: one such row would close its mailbox.
        return SignedEnvelope.TryParse(signed.Utf8, out _, out string? wrong) ? null : Rejection.Malformed(wrong);
    }
}
