using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Replies;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Submission;

/// <summary>
/// Turns a mail from a mail program into one send call of its author, for all its recipients: the same as if it had come by the API, and with the mail itself kept as the original. A repeat is
/// harmless: nobody gets the same mail of the same author twice.
/// </summary>
internal sealed partial class SubmissionDesk(
    SubmissionPreparation preparation, IMessageIntake intake, IMailboxes mailboxes, IBlobs blobs, SubmissionRecords records, SubmissionNotices notices, SenderQuota quota, SubmissionLimits limits,
    LargeMails large, ILogger<SubmissionDesk> logger)
{
    private readonly ILogger _logger = logger;

    public async Task<SmtpReply> AcceptAsync(SmtpTransaction transaction, MessageSpool mail, CancellationToken cancellationToken)
    {
        if (mail.Length > limits.MessageBytes) return SubmissionReplies.TooLarge(limits.MessageBytes);
        if (MimeLimits.IsTooComplex(mail)) return InboundReplies.TooComplex;
        await using var source = mail.OpenRead();
        using var message = MailParser.Parse(source);
        var sender = Address.Parse(transaction.Identity!);
        var allowed = await mailboxes.SendsAsAsync(sender, cancellationToken);
        var (author, isAllowed) = SubmissionAuthor.Read(message, allowed);
        if (!isAllowed) return SubmissionReplies.NotYourAddress(allowed);
        if (author is null) return InboundReplies.NoAuthor;
        try
        {
            using var turn = await large.EnterAsync(mail, cancellationToken);
            var (refusal, prepared) = await preparation.BeginAsync(transaction, sender, author, message, mail, cancellationToken);
            if (refusal is not null) return refusal;
            return prepared!.Recipients.Count == 0 ? SmtpReply.Stored : await SendAsync(transaction, prepared, () => preparation.CompleteAsync(prepared, transaction, message, mail, cancellationToken), cancellationToken);
        }
        catch (StorageUnavailableException exception)
        {
            LogUnavailable(exception.Message);
            return SmtpReply.LocalError;
        }
    }

    private async Task<SmtpReply> SendAsync(SmtpTransaction transaction, PreparedSubmission mail, Func<Task> complete, CancellationToken cancellationToken)
    {
        if (quota.Take(mail.Sender, mail.Recipients.Count) is { } again) return SubmissionReplies.TooManyInAnHour(limits.RecipientsPerHour, again);
        try
        {
            await complete();
            var result = await intake.SubmitAsync(mail.Mail!, cancellationToken);
            mail.Kept = result.Kind == IntakeKind.Accepted;
            if (!mail.Kept) LogNotAccepted(mail.Author, result.Kind, result.Error);
            else LogAccepted(result.Id!, mail.Author, mail.Recipients.Count);
            if (mail.Kept) await TellDeliveredAsync(transaction, mail);
            return result.Kind switch
            {
                IntakeKind.Accepted => SmtpReply.Stored,
                // The same mail came over another connection: where that one sent it to everybody, nothing is left to do.
                IntakeKind.Duplicate => (await records.LeftAsync(mail.Author, mail.Identity, mail.Recipients, cancellationToken)).Count == 0 ? SmtpReply.Stored : SmtpReply.LocalError,
                IntakeKind.UnknownRecipient => InboundReplies.UnknownRecipient,
                IntakeKind.Rejected => InboundReplies.Refused(result.Error ?? "Not acceptable here"),
                _ => SmtpReply.LocalError,
            };
        }
        finally
        {
            if (!mail.Kept)
            {
                quota.GiveBack(mail.Sender, mail.Recipients.Count);
                foreach (var blob in mail.Blobs) await TakeBackAsync(mail.Author, blob);
            }
        }
    }

    // It is sent: what fails from here on must not make the mail program send it again.
    private async Task TellDeliveredAsync(SmtpTransaction transaction, PreparedSubmission mail)
    {
        try
        {
            await notices.DeliveredAsync(transaction, mail, CancellationToken.None);
        }
        catch (StorageUnavailableException exception)
        {
            LogUnavailable(exception.Message);
        }
    }

    private async Task TakeBackAsync(Address author, Attachment blob)
    {
        try
        {
            await blobs.RemoveAsync(author, blob, CancellationToken.None);
        }
        catch (StorageUnavailableException exception)
        {
            // It stays as an orphan; worse would be to hide from the sender why the mail was not taken.
            LogUnavailable(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Submitted mail became message {Id} of {Author}, to {Count} recipients")]
    private partial void LogAccepted(string id, Address author, int count);

    [LoggerMessage(LogLevel.Warning, "Submitted mail of {Author} was not accepted: {Kind} {Error}")]
    private partial void LogNotAccepted(Address author, IntakeKind kind, string? error);

    [LoggerMessage(LogLevel.Error, "Submitted mail meets a store that is away: {Problem}")]
    private partial void LogUnavailable(string problem);
}
