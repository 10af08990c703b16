using System.Diagnostics.CodeAnalysis;
using MimeKit;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Outbound.Links;
using Smxp.Bridge.Email.Threads;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Writes the mail that a message becomes (email mapping §3–6). The same message becomes the same mail at every attempt.</summary>
internal sealed class MailComposer(IBlobs blobs, BodyWriter bodies, ForwardWriter forwards, IOutgoingThreads threads, GroupMails groups, LargeFiles files)
{
    private const string ConversationHeader = "X-SMXP-Conversation";

    /// <summary>The same for messages whose threads others know.</summary>
    public MailComposer For(IOutgoingThreads others) => new(blobs, bodies, forwards, others, groups, files);

    public async Task<ComposedMail> ComposeAsync(OutboxEntry entry, Envelope envelope, CancellationToken cancellationToken)
    {
        if (!TryMailbox(envelope.Name, envelope.From, out var from)) return ComposedMail.Refused($"'{envelope.From}' is no email address");
        if (!TryMailbox(null, envelope.To, out var to)) return ComposedMail.Refused($"'{envelope.To}' is no email address");
        var sender = entry.Sender ?? Address.Parse(envelope.From);
        // One call, one mail (email mapping §3): everything in it follows from the call's first message.
        if (entry is { Group: { } first, Audience.Count: > 1 }) envelope = envelope with { Id = first };
        var mail = new ComposedMail(new MimeMessage(), from, to);
        try
        {
            var audience = await AudienceAsync(entry, envelope, cancellationToken);
            var thread = await threads.FindAsync(sender, envelope, audience, cancellationToken);
            WriteHeaders(mail, envelope, thread, audience);
            if (entry.AsksReceipt) mail.Message.Headers.Add("Disposition-Notification-To", from.Address);
            mail.Refusal = await WriteBodyAsync(mail, sender, envelope, cancellationToken);
            return mail;
        }
        catch
        {
            await mail.DisposeAsync();
            throw;
        }
    }

    private static bool TryMailbox(string? name, string address, [NotNullWhen(true)] out MailboxAddress? mailbox)
    {
        mailbox = null;
        if (!MailboxAddress.TryParse(address, out var parsed) || parsed.Name?.Length > 0) return false;
        mailbox = new MailboxAddress(name, parsed.Address);
        return true;
    }

    // An edit is of one message, but those who got the mail it speaks of are shown together again.
    private async Task<IReadOnlyList<string>> AudienceAsync(OutboxEntry entry, Envelope envelope, CancellationToken cancellationToken)
    {
        if (entry.Audience.Count > 0) return [.. entry.Audience.Select(static address => address.ToString())];
        if (envelope is { Type: EnvelopeType.Edit or EnvelopeType.Delete, InReplyTo: { } target } && await groups.FindAsync(target, cancellationToken) is { } group)
            return [.. group.Members.Select(static member => member.Address)];
        return [envelope.To];
    }

    private static void WriteHeaders(ComposedMail mail, Envelope envelope, OutgoingThread thread, IReadOnlyList<string> audience)
    {
        var message = mail.Message;
        message.From.Add(mail.From);
        foreach (string address in audience)
        {
            if (TryMailbox(null, address, out var member)) message.To.Add(member);
        }

        message.Subject = SubjectLine.Of(envelope, thread.Subject);
        message.Date = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(envelope.Timestamp, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
        message.MessageId = MessageIds.Of(envelope);
        if (thread.References is [.., var parent])
        {
            message.InReplyTo = parent;
            foreach (string reference in thread.References) message.References.Add(reference);
            // RFC 2156 §5.3.6: what this mail takes the place of.
            if (envelope.Type == EnvelopeType.Edit) message.Headers.Add("Supersedes", $"<{parent}>");
        }

        // RFC 3834 §5: so that nothing answers it.
        if (envelope.Type == EnvelopeType.Delete) message.Headers.Add("Auto-Submitted", "auto-generated");
        // RFC 4021 §2.1.50.
        if (envelope.Expires is { } expires && expires < DateTimeOffset.MaxValue.ToUnixTimeSeconds()) message.Headers.Add("Expires", MimeKit.Utils.DateUtils.FormatDate(DateTimeOffset.FromUnixTimeSeconds(expires)));
        message.Headers.Add(ConversationHeader, envelope.ConversationId);
    }

    private async Task<string?> WriteBodyAsync(ComposedMail mail, Address sender, Envelope envelope, CancellationToken cancellationToken)
    {
        bool isForward = envelope.ContentType == "forward";
        var forwarded = isForward ? await forwards.OpenAsync(mail, sender, envelope, cancellationToken) : null;
        var (attachments, links) = await files.SplitAsync(envelope.Id, forwarded is { Part: null } ? [.. envelope.Attachments, .. forwarded.Attachments] : envelope.Attachments, cancellationToken);
        var parts = new List<MimePart>();
        foreach (var attachment in attachments)
        {
            if (await blobs.OpenAsync(attachment, cancellationToken) is not { } stream) return $"the attachment '{attachment.Name ?? attachment.BlobId}' is no longer to be had";
            mail.Own(stream);
            parts.Add(AttachmentPart.Write(attachment, stream));
        }

        var body = forwarded is null ? bodies.Write(envelope, links) : forwarded.Part ?? BodyWriter.Plain(BodyWriter.WithLinks(forwarded.Text, links));
        mail.Message.Body = PartTree.Build(envelope.Id, body, parts);
        return null;
    }
}
