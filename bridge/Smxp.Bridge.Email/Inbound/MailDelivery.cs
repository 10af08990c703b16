using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Threads;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Replies;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>
/// Turns a received mail into one message per recipient and says what the sender is told. A repeat, or a retry after a part was stored, is harmless: the mail's identity is unique per mailbox.
/// </summary>
internal sealed partial class MailDelivery(
    IMessageIntake intake, IBlobs blobs, IContentTypes contentTypes, ThreadFinder threads, MailRecords records, InboundLedger ledger, EmailSettings settings, TimeProvider time, ILogger<MailDelivery> logger)
{
    // RFC 5321 §6.3 wants at least 100 where loops are found by counting alone; mail that is no loop has a tenth of ours (email mapping §7).
    private const int MaxHops = 50;

    private readonly ILogger _logger = logger;

    public async Task<SmtpReply> DeliverAsync(SmtpTransaction transaction, MessageSpool mail, CancellationToken cancellationToken)
    {
        if (MimeLimits.IsTooComplex(mail)) return InboundReplies.TooComplex;
        await using var source = mail.OpenRead();
        using var message = MailParser.Parse(source);
        var draft = MailReader.Read(message, new MailReadOptions(time.GetUtcNow(), contentTypes.TryGet("html", out var html) ? html : null, settings.CutTrailingQuotes));
        if (draft.Hops > MaxHops) return InboundReplies.TooManyHops;
        if ((draft.From ?? EnvelopeAddress.From(transaction.Sender, settings.HostName)) is not { } author) return InboundReplies.NoAuthor;
        if (transaction.Identity is { } signedIn && signedIn != author.ToString()) return InboundReplies.NotYourAddress;

        var identity = await MailIdentities.OfAsync(draft, mail, cancellationToken);
        var trace = TraceLines.Write(transaction, settings.HostName, time.GetUtcNow());
        var recipients = transaction.Recipients.Select(recipient => EnvelopeAddress.From(recipient.Path, settings.HostName)!).Distinct().ToList();
        var prepared = new List<PreparedMail>(recipients.Count);
        try
        {
            foreach (var recipient in recipients)
            {
                if (await PrepareAsync(recipient, author, draft, identity, trace, mail, cancellationToken) is { } one) prepared.Add(one);
            }

            var results = await Task.WhenAll(prepared.Select(one => AcceptAsync(one, cancellationToken)));
            return Answer(results);
        }
        catch (StorageUnavailableException exception)
        {
            LogUnavailable(exception.Message);
            return SmtpReply.LocalError;
        }
        finally
        {
            foreach (var one in prepared.Where(static one => !one.Kept)) await TakeBackAsync(one);
        }
    }

    private async Task<PreparedMail?> PrepareAsync(
        Address recipient, Address author, MailDraft draft, MailIdentity identity, string trace, MessageSpool mail, CancellationToken cancellationToken)
    {
        // Known already: nothing to encrypt and store for it. (Whoever comes between is stopped by the record's uniqueness.)
        bool costly = draft.Attachments.Count > 0 || !mail.TryGetMemory(out _);
        if (costly && await records.HasAsync(recipient, identity, cancellationToken))
        {
            await ledger.DuplicateAsync(recipient, author, identity);
            return null;
        }

        var place = await threads.FindAsync(recipient, identity.MessageId, draft.Thread, cancellationToken);
        var one = new PreparedMail(recipient);
        try
        {
            string? body = draft.Body;
            foreach (var part in draft.Attachments)
            {
                await using var content = await part.OpenAsync(mail, cancellationToken);
                var blob = await blobs.StoreAsync(recipient, content, part.Name, part.ContentType, part.Disposition, cancellationToken);
                one.Blobs.Add(blob);
                if (part.Placeholder is { } placeholder) body = body?.Replace(placeholder, blob.BlobId, StringComparison.Ordinal);
            }

            one.Attachments = [.. one.Blobs];
            byte[]? original = Originals.TryCompress(mail);
            var record = new MailRecord(identity.MessageId, draft.Thread.Ancestors, trace, original, original is null ? await StoreOriginalAsync(one, mail, cancellationToken) : null);
            var envelope = new Envelope
            {
                From = author.ToString(),
                To = recipient.ToString(),
                Timestamp = draft.Timestamp,
                ConversationId = place.ConversationId,
                InReplyTo = place.InReplyTo,
                ContentType = draft.ContentType,
                Name = draft.Name,
                Subject = draft.Subject,
                Body = body,
                Expires = draft.Expires,
                Attachments = one.Attachments,
            };
            one.Message = new InboundMessage(envelope, EmailBridge.BridgeName, Verified: false, MailRecords.For(recipient, identity, place.ConversationId, record));
            one.Crossing = InboundLedger.Describe(recipient, author, draft, identity, place, time.GetUtcNow());
            return one;
        }
        catch
        {
            await TakeBackAsync(one);
            throw;
        }
    }

    private async Task<byte[]> StoreOriginalAsync(PreparedMail one, MessageSpool mail, CancellationToken cancellationToken)
    {
        await using var compressed = await Originals.CompressAsync(mail, cancellationToken);
        await using var content = compressed.OpenRead();
        var blob = await blobs.StoreAsync(one.Recipient, content, "original.eml.br", "application/octet-stream", "attachment", cancellationToken);
        one.Blobs.Add(blob);
        return Originals.Note(blob);
    }

    private async Task<IntakeResult> AcceptAsync(PreparedMail one, CancellationToken cancellationToken)
    {
        var result = await intake.AcceptAsync(ledger.With(one.Message!, one.Recipient, one.Crossing!), cancellationToken);
        one.Kept = result.Kind == IntakeKind.Accepted;
        if (one.Kept) LogAccepted(result.Id!, one.Recipient);
        else if (result.Kind != IntakeKind.Duplicate) LogNotAccepted(one.Recipient, result.Kind, result.Error);
        await ledger.SettleAsync(one.Recipient, one.Crossing!, result);
        return result;
    }

    // One answer for all recipients (RFC 5321 has no other): a retry is harmless to those who have it, silence to those who have not is not.
    private static SmtpReply Answer(IReadOnlyList<IntakeResult> results)
    {
        if (results.Any(static result => result.Kind == IntakeKind.Unavailable)) return SmtpReply.LocalError;
        if (results.FirstOrDefault(static result => result.Kind == IntakeKind.UnknownRecipient) is not null) return InboundReplies.UnknownRecipient;
        if (results.FirstOrDefault(static result => result.Kind == IntakeKind.Rejected) is { } rejected) return InboundReplies.Refused(rejected.Error ?? "Not acceptable here");
        return SmtpReply.Stored;
    }

    private async Task TakeBackAsync(PreparedMail one)
    {
        foreach (var blob in one.Blobs)
        {
            try
            {
                await blobs.RemoveAsync(one.Recipient, blob, CancellationToken.None);
            }
            catch (StorageUnavailableException exception)
            {
                // It stays as an orphan; worse would be to hide from the sender why the mail was not taken.
                LogUnavailable(exception.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Mail became message {Id} for {Recipient}")]
    private partial void LogAccepted(string id, Address recipient);

    [LoggerMessage(LogLevel.Warning, "Mail for {Recipient} was not accepted: {Kind} {Error}")]
    private partial void LogNotAccepted(Address recipient, IntakeKind kind, string? error);

    [LoggerMessage(LogLevel.Error, "Mail is refused for now: {Problem}")]
    private partial void LogUnavailable(string problem);
}
