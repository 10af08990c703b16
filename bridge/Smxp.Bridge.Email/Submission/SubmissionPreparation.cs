using System.Text;
using MimeKit;
using MimeKit.Utils;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.Forms;
using Smxp.Bridge.Email.Relay;
using Smxp.Bridge.Email.Threads;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Replies;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Submission;

/// <summary>
/// Makes a submitted mail ready to be sent: <see cref="BeginAsync"/> reads it and finds out to whom it is still to be sent, <see cref="CompleteAsync"/> stores its attachments and writes what is
/// remembered with each recipient's message.
/// </summary>
internal sealed class SubmissionPreparation(
    IMessageIntake intake, IBlobs blobs, IContentTypes contentTypes, ThreadFinder threads, SubmissionRecords records, EmailSettings settings, TimeProvider time)
{
    // RFC 5321 §6.3; email mapping §7.
    private const int MaxHops = 50;
    private const string MessageIdField = "Message-ID";
    private const string DateField = "Date";

    /// <summary>Reads a mail.</summary>
    /// <param name="transaction">How it came.</param>
    /// <param name="sender">Who signed in.</param>
    /// <param name="author">In whose name it is sent.</param>
    /// <param name="message">The mail, parsed.</param>
    /// <param name="mail">The mail.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<(SmtpReply? Refusal, PreparedSubmission? Mail)> BeginAsync(
        SmtpTransaction transaction, Address sender, Address author, MimeMessage message, MessageSpool mail, CancellationToken cancellationToken)
    {
        var draft = MailReader.Read(message, MailReadOptions.By(settings, contentTypes, time.GetUtcNow()));
        if (draft.Hops > MaxHops) return (InboundReplies.TooManyHops, null);
        var identity = await MailIdentities.OfAsync(draft, mail, cancellationToken);
        if (draft.MessageId is null) identity = identity with { MessageId = NewMessageId(message, author, identity) };
        var recipients = transaction.Recipients.Select(AddressOf).Distinct().ToList();
        return (null, new PreparedSubmission(author, sender, draft, identity, await records.LeftAsync(author, identity, recipients, cancellationToken)));
    }

    /// <summary>Stores what belongs to it and writes the send call.</summary>
    public async Task CompleteAsync(PreparedSubmission prepared, SmtpTransaction transaction, MimeMessage message, MessageSpool mail, CancellationToken cancellationToken)
    {
        var draft = prepared.Draft;
        prepared.Place = await threads.FindAsync(prepared.Author, prepared.Identity.MessageId, draft.Thread, cancellationToken);
        string? body = draft.Body;
        foreach (var part in draft.Attachments)
        {
            await using var content = await part.OpenAsync(mail, cancellationToken);
            var blob = await blobs.StoreAsync(prepared.Author, content, part.Name, part.ContentType, part.Disposition, cancellationToken);
            prepared.Blobs.Add(blob);
            if (part.Placeholder is { } placeholder) body = body?.Replace(placeholder, blob.BlobId, StringComparison.Ordinal);
        }

        Attachment[] attachments = [.. prepared.Blobs];
        prepared.Mail = new MailSubmission
        {
            Author = prepared.Author,
            Sender = prepared.Sender,
            Recipients = await RememberAsync(prepared, transaction, message, mail, cancellationToken),
            ConversationId = prepared.Place.ConversationId,
            InReplyTo = prepared.Place.InReplyTo,
            ContentType = draft.ContentType,
            Name = draft.Name,
            Subject = draft.Subject,
            Body = body,
            Expires = draft.Expires,
            Attachments = attachments,
        };
    }

    private Address AddressOf(SmtpRecipient recipient) => EnvelopeAddress.From(recipient.Path, settings.HostName)!;

    // A mail program that dates its mail makes the same one again when it tries again; one that does not could as well mean another.
    private static string NewMessageId(MimeMessage message, Address author, MailIdentity identity) =>
        $"{(message.Headers.Contains(HeaderId.Date) ? identity.MessageId.Split('@')[0] : Guid.NewGuid().ToString("N"))}@{author.Domain}";

    private async Task<IReadOnlyList<SubmissionRecipient>> RememberAsync(
        PreparedSubmission prepared, SmtpTransaction transaction, MimeMessage message, MessageSpool mail, CancellationToken cancellationToken)
    {
        await using var lines = transaction.Body == BodyType.BinaryMime ? await ToLinesAsync(message, mail, cancellationToken) : null;
        await using var original = await SubmittedHeader.CleanAsync(lines ?? mail, Missing(prepared, message), cancellationToken);
        var needs = await RelayNeeds.OfAsync(transaction, original, transaction.Sender, transaction.Sender, cancellationToken);
        string trace = SubmissionTrace.Write(transaction, settings.HostName, settings.Submission.ShowClientAddress, time.GetUtcNow());
        var (record, shared) = await KeepAsync(prepared, original, trace, cancellationToken);

        List<SubmissionRecipient> recipients = new(prepared.Recipients.Count);
        foreach (var address in prepared.Recipients)
        {
            var recipient = transaction.Recipients.First(one => AddressOf(one) == address);
            var leaving = new SubmittedMail
            {
                ReturnPath = WirePath.Of(transaction.Sender),
                Recipient = WirePath.Of(recipient.Path),
                Needs = Ascii.IsValid(recipient.Path.ToString()) ? needs : needs | MailNeeds.Utf8,
                Wishes = NotificationWishes.Of(transaction, recipient),
                ArrivedAt = time.GetUtcNow().ToUnixTimeSeconds(),
            };
            List<BridgeRecord> kept =
            [
                SubmissionRecords.Submitted(prepared.Author, prepared.Identity, address),
                SubmissionRecords.Leaves(prepared.Author, leaving),
                .. MailRecords.ForSent(prepared.Author, prepared.Identity, prepared.Place!.ConversationId, record, isRecipient: false),
            ];
            if (recipients.Count == 0 && shared is not null) kept.Add(shared);
            if (recipients.Count == 0) kept.AddRange(MailRecords.Awaiting(prepared.Author, prepared.Place.Awaited, prepared.Place.ConversationId));
            if (await intake.LookUpAsync(address, cancellationToken) == RecipientKind.Local)
            {
                prepared.Here.Add(address);
                if (address != prepared.Author) kept.AddRange(MailRecords.ForSent(address, prepared.Identity, prepared.Place.ConversationId, record, isRecipient: true));
            }

            recipients.Add(new SubmissionRecipient(address, kept));
        }

        return recipients;
    }

    private IReadOnlyList<KeyValuePair<string, string>> Missing(PreparedSubmission prepared, MimeMessage message)
    {
        List<KeyValuePair<string, string>> missing = [];
        if (message.Date == DateTimeOffset.MinValue) missing.Add(new(DateField, DateUtils.FormatDate(time.GetUtcNow())));
        if (prepared.Draft.MessageId is null) missing.Add(new(MessageIdField, $"<{prepared.Identity.MessageId}>"));
        return missing;
    }

    // RFC 3030 §3: servers that take lines alone get lines.
    private static async Task<MessageSpool> ToLinesAsync(MimeMessage message, MessageSpool mail, CancellationToken cancellationToken)
    {
        var format = FormatOptions.Default.Clone();
        (format.NewLineFormat, format.EnsureNewLine) = (NewLineFormat.Dos, true);
        message.Prepare(EncodingConstraint.SevenBit, Octets.LongestLine);
        var lines = mail.NewBeside();
        await using var writer = lines.OpenWrite();
        await message.WriteToAsync(format, writer, cancellationToken);
        return lines;
    }

    private async Task<(MailRecord Record, BridgeRecord? Shared)> KeepAsync(PreparedSubmission prepared, MessageSpool original, string trace, CancellationToken cancellationToken)
    {
        var record = new MailRecord(prepared.Identity.MessageId, prepared.Draft.Thread.Ancestors, trace, null, null);
        if (Originals.TryCompress(original) is { } small)
        {
            if (prepared.Recipients.Count == 1 && !await IsHereAsync(prepared.Recipients[0], cancellationToken)) return (record with { Original = small }, null);
            var shared = SubmissionRecords.Original(small);
            return (record with { SharedOriginal = shared.Key }, shared);
        }

        await using var compressed = await Originals.CompressAsync(original, cancellationToken);
        await using var content = compressed.OpenRead();
        var blob = await blobs.StoreAsync(prepared.Author, content, "original.eml.br", "application/octet-stream", "attachment", cancellationToken);
        prepared.Blobs.Add(blob);
        return (record with { OriginalBlob = Originals.Note(blob) }, null);
    }

    private async ValueTask<bool> IsHereAsync(Address recipient, CancellationToken cancellationToken) => await intake.LookUpAsync(recipient, cancellationToken) == RecipientKind.Local;
}
