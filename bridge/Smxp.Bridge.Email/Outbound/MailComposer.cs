using System.Diagnostics.CodeAnalysis;
using MimeKit;
using Smxp.Bridge.Email.Threads;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Writes the mail that a message becomes (email mapping §3–6). The same message becomes the same mail at every attempt.</summary>
internal sealed class MailComposer(IBlobs blobs, BodyWriter bodies, ForwardWriter forwards, IOutgoingThreads threads, long maxBytes)
{
    private const string ConversationHeader = "X-SMXP-Conversation";

    public async Task<ComposedMail> ComposeAsync(OutboxEntry entry, Envelope envelope, CancellationToken cancellationToken)
    {
        if (!TryMailbox(envelope.Name, envelope.From, out var from)) return ComposedMail.Refused($"'{envelope.From}' is no email address");
        if (!TryMailbox(null, envelope.To, out var to)) return ComposedMail.Refused($"'{envelope.To}' is no email address");
        var sender = entry.Sender ?? Address.Parse(envelope.From);
        var mail = new ComposedMail(new MimeMessage(), from, to);
        try
        {
            var thread = await threads.FindAsync(sender, envelope, cancellationToken);
            WriteHeaders(mail, envelope, thread);
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

    private static void WriteHeaders(ComposedMail mail, Envelope envelope, OutgoingThread thread)
    {
        var message = mail.Message;
        message.From.Add(mail.From);
        message.To.Add(mail.To);
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

        // RFC 4021 §2.1.50.
        if (envelope.Expires is { } expires && expires < DateTimeOffset.MaxValue.ToUnixTimeSeconds()) message.Headers.Add("Expires", MimeKit.Utils.DateUtils.FormatDate(DateTimeOffset.FromUnixTimeSeconds(expires)));
        message.Headers.Add(ConversationHeader, envelope.ConversationId);
    }

    private async Task<string?> WriteBodyAsync(ComposedMail mail, Address sender, Envelope envelope, CancellationToken cancellationToken)
    {
        bool isForward = envelope.ContentType == "forward";
        var forwarded = isForward ? await forwards.OpenAsync(mail, sender, envelope, cancellationToken) : null;
        var attachments = forwarded is { Part: null } ? [.. envelope.Attachments, .. forwarded.Attachments] : envelope.Attachments;
        if (attachments.Sum(static attachment => attachment.Encryption?.PlaintextSize ?? attachment.Size) > maxBytes)
        {
            return $"the attachments are larger than what is sent by email ({maxBytes >> 20} MiB)";
        }

        var parts = new List<MimePart>();
        foreach (var attachment in attachments)
        {
            if (await blobs.OpenAsync(attachment, cancellationToken) is not { } stream) return $"the attachment '{attachment.Name ?? attachment.BlobId}' is no longer to be had";
            mail.Own(stream);
            parts.Add(AttachmentPart.Write(attachment, stream));
        }

        var body = forwarded is null ? bodies.Write(envelope) : (MimeEntity?)forwarded.Part ?? BodyWriter.Plain(forwarded.Text);
        mail.Message.Body = PartTree.Build(envelope.Id, body, parts);
        return null;
    }
}
