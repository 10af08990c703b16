using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Notifications;
using Smxp.Mail.Smtp;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Submission;

/// <summary>
/// Tells people who sent from a mail program what became of it, the way mail programs know: by a delivery status notification in the mailbox the mail was sent from, in the same conversation,
/// beside the row's status. By whatever way it left, or failed to. Each thing is told once.
/// </summary>
internal sealed class SubmissionNotices(SubmissionRecords records, Originals originals, IMailboxes mailboxes, IMessageIntake intake, string hostName, TimeProvider time)
{
    /// <summary>Hears what became of a message that left.</summary>
    public async Task HearAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        DsnAction? action = outcome switch
        {
            { Status: SendStatus.Failed } => DsnAction.Failed,
            { Status: SendStatus.Queued } => DsnAction.Delayed,
            // Of what left as email, the server that took it tells more.
            { Status: SendStatus.Sent, Transport: not EmailBridge.BridgeName } => DsnAction.Delivered,
            _ => null,
        };
        if (action is not { } what || entry.Sender is not { } author) return;
        if (await records.FindAsync(author, entry.MessageId, cancellationToken) is not { } mail) return;
        // What waits for the operator may wait long, and until when nobody knows.
        if (outcome.Parked && mail.Wishes.AllowDelay) mail = mail with { Wishes = mail.Wishes with { Notify = "DELAY" } };
        DateTimeOffset? until = what == DsnAction.Delayed && !outcome.Parked ? DateTimeOffset.FromUnixTimeSeconds(entry.ExpiresAt) : null;
        await SendAsync(author, entry.MessageId, mail, what, what == DsnAction.Delivered ? null : outcome.Error, until, cancellationToken);
    }

    /// <summary>Tells that a mail lies in mailboxes here, where its sender asked for that.</summary>
    public async Task DeliveredAsync(SmtpTransaction transaction, PreparedSubmission submission, CancellationToken cancellationToken)
    {
        if (transaction.Recipients.All(static recipient => recipient.Notify?.HasFlag(Mail.Smtp.Notifications.NotifyOn.Success) != true)) return;
        var query = new MailboxQuery { Mailbox = submission.Author, ConversationId = submission.Place!.ConversationId, Direction = Direction.Out, Limit = SubmissionLimits.MostRecipients };
        foreach (var entry in (await mailboxes.QueryAsync(query, cancellationToken)).Entries)
        {
            if (entry is not { Envelope.Envelope.To: { } to, Status: SendStatus.Sent } || !Address.TryParse(to, out var recipient) || !submission.Here.Contains(recipient)) continue;
            if (await records.FindAsync(submission.Author, entry.Id, cancellationToken) is { } mail) await SendAsync(submission.Author, entry.Id, mail, DsnAction.Delivered, null, null, cancellationToken);
        }
    }

    /// <summary>Tells one thing, where the sender wants to know it and there is a return path.</summary>
    /// <param name="author">In whose mailbox the message is.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="mail">How it left.</param>
    /// <param name="action">What happened.</param>
    /// <param name="words">Why.</param>
    /// <param name="triedUntil">For a delay: until when it will be tried.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    /// <exception cref="StorageUnavailableException">It could not be stored now.</exception>
    public async Task SendAsync(Address author, string messageId, SubmittedMail mail, DsnAction action, string? words, DateTimeOffset? triedUntil, CancellationToken cancellationToken)
    {
        if (mail.IsAnswer || !mail.Wishes.Of(action) || !Address.TryParse(mail.ReturnPath, out var reader)) return;
        var (status, isReply) = action is DsnAction.Failed or DsnAction.Delayed ? DsnStatus.Of(words, isPermanent: action == DsnAction.Failed) : ("2.0.0", false);
        var (returned, isWhole) = await ReadBackAsync(author, messageId, mail.Wishes.Return == "FULL" && action == DsnAction.Failed, cancellationToken);
        var report = new DsnReport
        {
            MessageId = $"{messageId}.{action.ToString().ToLowerInvariant()}@{hostName}",
            To = mail.ReturnPath,
            Action = action,
            ReportingServer = hostName,
            Recipient = mail.Recipient,
            OriginalRecipient = mail.Wishes.OriginalRecipient,
            EnvelopeId = mail.Wishes.EnvelopeId,
            Status = status,
            Words = words,
            IsReply = isReply,
            ArrivedAt = DateTimeOffset.FromUnixTimeSeconds(mail.ArrivedAt),
            Date = time.GetUtcNow(),
            TriedUntil = triedUntil,
            Returned = returned,
            IsWhole = isWhole,
        };
        var sent = await mailboxes.FindAsync(author, messageId, cancellationToken);
        var result = await intake.AcceptAsync(Message(report, reader, sent, isAuthors: reader == author), cancellationToken);
        if (result.Kind == IntakeKind.Unavailable) throw new StorageUnavailableException(result.Error ?? "the notification could not be stored");
    }

    // Mail programs see the report as it is; everybody else reads the words.
    private static InboundMessage Message(DsnReport report, Address reader, MailboxEntry? sent, bool isAuthors)
    {
        string conversation = sent?.ConversationId ?? Guid.CreateVersion7(report.Date).ToString();
        var envelope = DsnMessage.Write(report, reader, conversation, about: isAuthors ? sent?.Id : null);
        var record = new MailRecord(report.MessageId, [], "Return-Path: <>\r\n", Originals.Compress(DsnWriter.Write(report)), null);
        // Its Message-ID says what it tells of which message: told before, it is a duplicate.
        return new InboundMessage(envelope, EmailBridge.BridgeName, Verified: true, MailRecords.For(reader, new MailIdentity(report.MessageId, ""), conversation, record));
    }

    private async Task<(byte[] Bytes, bool IsWhole)> ReadBackAsync(Address author, string messageId, bool wantsAll, CancellationToken cancellationToken)
    {
        if (await originals.OpenAsync(author, messageId, cancellationToken) is not { } original) return ([], false);
        await using var stream = original.Bytes;
        return await ReturnedMail.ReadAsync(stream, wantsAll, cancellationToken);
    }
}
