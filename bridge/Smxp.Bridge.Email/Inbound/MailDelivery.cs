using System.Net;
using Microsoft.Extensions.Logging;
using MimeKit;
using Smxp.Bridge.Email.Inbound.Reports;
using Smxp.Bridge.Email.Inbound.Trust;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Puppets;
using Smxp.Bridge.Email.Relay;
using Smxp.Bridge.Email.Threads;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Replies;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>
/// Turns a received mail into one message per recipient here, has it relayed to the others, and says what the sender is told. A repeat, or a retry after a part was stored, is harmless: the mail's identity is unique per mailbox.
/// </summary>
internal sealed partial class MailDelivery(
    IMessageIntake intake, RelayDesk relay, PuppetDelivery? puppets, IBlobs blobs, IContentTypes contentTypes, ThreadFinder threads, IConversations conversations, Replacements replacements,
    MailReports reports, MailRecords records, InboundLedger ledger, MailTrust trust, ArrivalNotices notices, LargeMails large, EmailSettings settings, TimeProvider time,
    ILogger<MailDelivery> logger)
{
    // RFC 5321 §6.3 wants at least 100 where loops are found by counting alone; mail that is no loop has a tenth of ours (email mapping §7).
    private const int MaxHops = 50;

    private readonly ILogger _logger = logger;

    public async Task<SmtpReply> DeliverAsync(SmtpTransaction transaction, MessageSpool mail, CancellationToken cancellationToken)
    {
        if (MimeLimits.IsTooComplex(mail)) return InboundReplies.TooComplex;
        await using var source = mail.OpenRead();
        using var message = MailParser.Parse(source);
        // Name servers answer while the mail is read; a large one is read when they have, so that its turn is not spent waiting for strangers.
        var finding = trust.EvaluateAsync(transaction, message, mail, cancellationToken);
        try
        {
            if (LargeMails.IsLarge(mail)) await Task.WhenAny(finding);
            using var turn = await large.EnterAsync(mail, cancellationToken);
            return await DeliverAsync(transaction, mail, message, finding, cancellationToken);
        }
        finally
        {
            // It reads the spool, which goes when we return.
            await Task.WhenAny(finding);
        }
    }

    private async Task<SmtpReply> DeliverAsync(SmtpTransaction transaction, MessageSpool mail, MimeMessage message, Task<TrustFinding> finding, CancellationToken cancellationToken)
    {
        var draft = MailReader.Read(message, MailReadOptions.By(settings, contentTypes, time.GetUtcNow()));
        if (draft.Hops > MaxHops) return InboundReplies.TooManyHops;
        var author = draft.From ?? EnvelopeAddress.From(transaction.Sender, settings.HostName);
        if (transaction.Identity is { } signedIn && signedIn != author?.ToString()) return InboundReplies.NotYourAddress;
        var plan = await relay.PlanAsync(transaction, message, draft.MessageId, cancellationToken);
        if (plan.Refusal is { } refusal) return refusal;
        // Mail that only goes on may say From whom it likes, or not at all.
        if (author is null && plan.Here.Count > 0) return InboundReplies.NoAuthor;

        var identity = await MailIdentities.OfAsync(draft, mail, cancellationToken);
        var trusted = await finding;
        if (trusted.Refusal is { } distrust)
        {
            LogRefused(author, transaction.Client, distrust.Text);
            return distrust;
        }

        var trace = TraceLines.Write(transaction, settings.HostName, time.GetUtcNow(), trusted.Results);
        var beyond = puppets?.Among(transaction) ?? [];
        var prepared = new List<PreparedMail>(plan.Here.Count);
        var report = MailReports.Read(message, transaction.Sender.IsNull);
        try
        {
            var returned = await ReturnedAsync(plan, message, identity, transaction.Sender.IsNull, cancellationToken);
            if (author is null && returned.Count > 0) return InboundReplies.NoAuthor;
            foreach (var recipient in plan.Here.Union(returned).Except(beyond.Select(static one => one.Puppet)))
            {
                if (report is not null && await reports.TryTakeAsync(report, identity, recipient, cancellationToken)) continue;
                if (await PrepareAsync(recipient, author!, draft, identity, trace, trusted, mail, cancellationToken) is { } one) prepared.Add(one);
            }

            var relayed = plan.Elsewhere.Select(one => relay.AcceptAsync(transaction, mail, draft, identity, one, cancellationToken));
            List<IntakeResult> results = [.. await Task.WhenAll([.. prepared.Select(one => AcceptAsync(one, cancellationToken)), .. relayed])];
            // One after the other: they read the parts of one stream.
            foreach (var one in beyond) results.Add(await puppets!.AcceptAsync(transaction, one, author!, message, draft, identity, mail, cancellationToken));
            var answer = Answer(results);
            // What a sender asked to be told is told, or the mail comes again and changes nothing else.
            bool isTold = answer != SmtpReply.Stored || await notices.TellAsync(transaction, plan.Here, draft, identity, trusted, mail, cancellationToken);
            return isTold ? answer : SmtpReply.LocalError;
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

    // Bounces change what they speak of. The rest, vacation notices for instance (RFC 3834 §4 has them sent to return paths), is mail for the author.
    private async Task<IReadOnlyList<Address>> ReturnedAsync(RelayPlan plan, MimeMessage message, MailIdentity identity, bool isFromNobody, CancellationToken cancellationToken)
    {
        List<Address> authors = [];
        foreach (var returned in plan.Returned)
        {
            if (!isFromNobody || !await reports.TryTakeAsync(message, identity, returned, cancellationToken)) authors.Add(returned.Author);
        }

        return authors;
    }

    private async Task<PreparedMail?> PrepareAsync(
        Address recipient, Address author, MailDraft draft, MailIdentity identity, string trace, TrustFinding trusted, MessageSpool mail, CancellationToken cancellationToken)
    {
        // Known already: nothing to encrypt and store for it. (Whoever comes between is stopped by the record's uniqueness.)
        bool costly = draft.Attachments.Count > 0 || !mail.TryGetMemory(out _);
        if (costly && await records.HasAsync(recipient, identity, cancellationToken))
        {
            await ledger.DuplicateAsync(recipient, author.ToString(), identity);
            return null;
        }

        var place = await threads.FindAsync(recipient, identity.MessageId, draft.Thread, cancellationToken);
        var replaced = await replacements.FindAsync(recipient, author, draft.Replaced, trusted.Verified, cancellationToken);
        var one = new PreparedMail(recipient);
        try
        {
            var shown = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var part in draft.Attachments)
            {
                await using var content = await part.OpenAsync(mail, cancellationToken);
                var blob = await blobs.StoreAsync(recipient, content, part.Name, part.ContentType, part.Disposition, cancellationToken);
                one.Blobs.Add(blob);
                if (part.Placeholder is { } placeholder) shown.Add(placeholder, blob.BlobId);
            }

            string? body = InlineImages.Show(draft.Body, shown);
            (one.Attachments, one.Joined) = ([.. one.Blobs], replaced is null ? place.Joined : []);
            byte[]? original = Originals.TryCompress(mail);
            var record = new MailRecord(identity.MessageId, draft.Thread.Ancestors, trace, original, original is null ? await StoreOriginalAsync(one, mail, cancellationToken) : null);
            var envelope = new Envelope
            {
                From = author.ToString(),
                To = recipient.ToString(),
                Timestamp = draft.Timestamp,
                Type = replaced is null ? EnvelopeType.Message : EnvelopeType.Edit,
                ConversationId = replaced?.ConversationId ?? place.ConversationId,
                InReplyTo = replaced?.Id ?? place.InReplyTo,
                ContentType = draft.ContentType,
                Name = draft.Name,
                Subject = draft.Subject,
                Body = body,
                Expires = draft.Expires,
                Attachments = one.Attachments,
            };
            var kept = MailRecords.For(recipient, identity, envelope.ConversationId, record).Concat(MailRecords.Awaiting(recipient, place.Awaited, envelope.ConversationId));
            if (draft.AsksReceipt) kept = kept.Append(ReceiptRequests.For(recipient, new ReceiptRequest(draft.MessageId, draft.Subject)));
            one.Message = new InboundMessage(envelope, EmailBridge.BridgeName, trusted.Verified, [.. kept]) { Authentication = trusted.Summary, Participants = Participants(author, recipient, draft) };
            one.Crossing = InboundLedger.Describe(recipient, author, draft, identity, place with { ConversationId = envelope.ConversationId }, time.GetUtcNow());
            return one;
        }
        catch
        {
            await TakeBackAsync(one);
            throw;
        }
    }

    // Email mapping §3: whom else it went to, so that an answer can go to all.
    private static IReadOnlyList<string> Participants(Address author, Address recipient, MailDraft draft)
    {
        List<string> all = [.. new[] { author.ToString() }.Concat(draft.Recipients).Append(recipient.ToString()).Distinct(StringComparer.Ordinal)];
        return all.Count > 2 ? all : [];
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
        // Before it is acknowledged: where we are interrupted, it comes again and we join them then.
        foreach (string joined in one.Joined) await conversations.MergeAsync(one.Recipient, joined, one.Message!.Envelope.ConversationId, time.GetUtcNow().ToUnixTimeSeconds(), cancellationToken);
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

    [LoggerMessage(LogLevel.Information, "Mail by {Author} from {Client} was refused: {Why}")]
    private partial void LogRefused(Address? author, IPAddress client, string why);

    [LoggerMessage(LogLevel.Error, "Mail is refused for now: {Problem}")]
    private partial void LogUnavailable(string problem);
}
