using MimeKit;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Mapping.Reports;
using Smxp.Bridge.Email.Notifications;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Relay;
using Smxp.Mail.Smtp;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>
/// Sends a received mail on to the person on SMXP for whom its recipient stands, from the puppet of its author; and tells that person what a notification says of a mail of theirs.
/// What it answers Accepted is in the outbox, on stable storage.
/// </summary>
internal sealed class PuppetDelivery(
    PuppetDomain domain, PuppetDesk desk, PuppetThreads threads, PuppetRecords records, PuppetNotices notices, PuppetLedger ledger, IBlobs blobs, IDispatch dispatch, TimeProvider time)
{
    private const int LongestHeader = 8 * 1024;

    private static readonly IntakeResult NothingToSay = new(IntakeKind.Duplicate);

    private static ReadOnlySpan<byte> EndOfHeader => "\r\n\r\n"u8;

    /// <summary>The puppets among a mail's recipients.</summary>
    public IReadOnlyList<PuppetRecipient> Among(SmtpTransaction transaction) => desk.Among(transaction);

    /// <summary>Takes a mail for one of them.</summary>
    /// <param name="transaction">The mail's envelope.</param>
    /// <param name="recipient">For whom.</param>
    /// <param name="author">Its author.</param>
    /// <param name="message">The mail.</param>
    /// <param name="draft">The same, read.</param>
    /// <param name="identity">What tells it from other mails.</param>
    /// <param name="mail">Its bytes.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<IntakeResult> AcceptAsync(
        SmtpTransaction transaction, PuppetRecipient recipient, Address author, MimeMessage message, MailDraft draft, MailIdentity identity, MessageSpool mail, CancellationToken cancellationToken)
    {
        if (transaction.Sender.IsNull && BounceReader.Read(message) is { } bounce) return await TellAsync(recipient, message, bounce, identity, cancellationToken);
        if (await domain.IsOursAsync(author, cancellationToken)) return Refused(PuppetReplies.NotForOurs.Text);
        var pair = new PuppetPair(recipient.Person, author);
        var place = await threads.PlaceAsync(pair.Person, identity.MessageId, draft.Thread, cancellationToken);
        // What answers automatically has a null return path, and often an author of its own.
        bool isAnswer = transaction.Sender.IsNull && place.InReplyTo is not null;
        if (!isAnswer && !await desk.MayWriteAsync(pair, cancellationToken)) return Refused($"{author} is not known to {recipient.Person}");
        if (await records.HasArrivedAsync(pair.Person, identity, cancellationToken)) return await DuplicateAsync(recipient, author, identity, cancellationToken);

        var puppet = domain.PuppetOf(author);
        List<Attachment> stored = [];
        bool isKept = false;
        try
        {
            var shown = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var part in draft.Attachments)
            {
                await using var content = await part.OpenAsync(mail, cancellationToken);
                var blob = await blobs.StoreAsync(puppet, content, part.Name, part.ContentType, part.Disposition, cancellationToken);
                stored.Add(blob);
                if (part.Placeholder is { } placeholder) shown.Add(placeholder, blob.BlobId);
            }

            var envelope = new Envelope
            {
                From = puppet.ToString(),
                To = pair.Person.ToString(),
                Timestamp = draft.Timestamp,
                ConversationId = place.ConversationId,
                InReplyTo = place.InReplyTo,
                ContentType = draft.ContentType,
                Name = draft.Name,
                Subject = draft.Subject,
                Body = InlineImages.Show(draft.Body, shown),
                Expires = draft.Expires,
                Attachments = [.. stored],
            };
            var arrival = (await ArrivalAsync(transaction, recipient, mail, cancellationToken)) with { IsAnswer = draft.IsAnswer };
            BridgeRecord[] kept =
            [
                .. PuppetRecords.Incoming(pair, identity, Remember(pair, draft, identity, place.ConversationId), arrival),
                .. ledger.Arrived(transaction, recipient, author, draft, identity, place, arrival.ArrivedAt),
            ];
            var result = await dispatch.SendAsync(envelope, kept, cancellationToken);
            isKept = result.Kind == IntakeKind.Accepted;
            return result.Kind == IntakeKind.Duplicate ? await DuplicateAsync(recipient, author, identity, cancellationToken) : result;
        }
        finally
        {
            if (!isKept) await TakeBackAsync(puppet, stored);
        }
    }

    private async Task<IntakeResult> DuplicateAsync(PuppetRecipient recipient, Address author, MailIdentity identity, CancellationToken cancellationToken)
    {
        await ledger.DuplicateAsync(recipient, author, identity, cancellationToken);
        return new IntakeResult(IntakeKind.Duplicate);
    }

    private async Task<IntakeResult> TellAsync(PuppetRecipient recipient, MimeMessage message, BounceReport bounce, MailIdentity identity, CancellationToken cancellationToken)
    {
        var person = recipient.Person;
        string? id = bounce.EnvelopeId is { } named && await records.FindAsync(person, named, cancellationToken) is not null
            ? named
            : bounce.OriginalMessageId is { } messageId ? await records.IdOfAsync(person, messageId, cancellationToken) : null;
        // Somebody forged her address, or it is not from here: the one who is told would not know of what.
        if (id is null || await records.FindAsync(person, id, cancellationToken) is not { } about) return Refused("The notification speaks of no mail from here");
        // A mail from here has one recipient; of several that are spoken of, the worst that is said counts.
        var worst = bounce.Recipients.MaxBy(static recipient => recipient.Fate)!;
        string outcome = worst.Fate switch { Fate.Failed => CrossingOutcome.Failed, Fate.Delayed => CrossingOutcome.Waiting, _ => CrossingOutcome.Sent };
        BridgeRecord[] kept = [PuppetRecords.Arrived(person, identity), .. await ledger.ReportedAsync(message, recipient, identity, id, about, outcome, worst.Words, cancellationToken)];
        if (worst.Fate == Fate.Delivered)
        {
            await records.PutAsync(kept, cancellationToken);
            return NothingToSay;
        }

        var pair = new PuppetPair(person, Address.Parse(about.Correspondent));
        return await notices.SendAsync(pair, id, about.ConversationId, worst.Fate == Fate.Failed ? DsnAction.Failed : DsnAction.Delayed, worst.Words, kept, cancellationToken);
    }

    private static PuppetMail Remember(PuppetPair pair, MailDraft draft, MailIdentity identity, string conversationId) => new()
    {
        MessageId = identity.MessageId,
        References = draft.Thread.Ancestors,
        Subject = draft.Subject,
        ConversationId = conversationId,
        Correspondent = pair.Correspondent.ToString(),
    };

    private async Task<PuppetArrival> ArrivalAsync(SmtpTransaction transaction, PuppetRecipient recipient, MessageSpool mail, CancellationToken cancellationToken) => new()
    {
        Sender = transaction.Sender.IsNull ? "" : WirePath.Of(transaction.Sender),
        Recipient = WirePath.Of(recipient.Path.Path),
        ArrivedAt = time.GetUtcNow().ToUnixTimeSeconds(),
        Wishes = NotificationWishes.Of(transaction, recipient.Path),
        Header = await HeaderAsync(mail, cancellationToken),
    };

    private static async Task<byte[]> HeaderAsync(MessageSpool mail, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[Math.Min(mail.Length, LongestHeader)];
        await using var stream = mail.OpenRead();
        int read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        int end = bytes.AsSpan(0, read).IndexOf(EndOfHeader);
        if (end < 0) end = bytes.AsSpan(0, read).LastIndexOf("\r\n"u8);
        return end < 0 ? [] : bytes[..(end + 2)];
    }

    private async Task TakeBackAsync(Address owner, IReadOnlyList<Attachment> stored)
    {
        foreach (var blob in stored)
        {
            try
            {
                await blobs.RemoveAsync(owner, blob, CancellationToken.None);
            }
            catch (StorageUnavailableException)
            {
                // It stays as an orphan; worse would be to hide from the sender why the mail was not taken.
            }
        }
    }

    private static IntakeResult Refused(string why) => new(IntakeKind.Rejected, Error: why);
}
