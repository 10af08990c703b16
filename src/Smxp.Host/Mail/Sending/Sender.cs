using Smxp.Host.Delivery;
using Smxp.Host.Errors;
using Smxp.Host.Telemetry;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Sending;

/// <summary>The way out of the corridor: checks a submission, commits all of it in one transaction, and waits a moment for what leaves.</summary>
internal sealed class Sender(SubmissionRules rules, IMessageStore store, AttachmentIssuer attachments, Composer composer, Committer committer, Departures departures, SmxpMetrics metrics, TimeProvider time)
{
    // Two equal messages of one second would have one content id (SMXP §3). The later is dated a second on, within reason.
    private const int MostSecondsOn = 10;

    public async Task<SendOutcome> SendAsync(Submission submission, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        if (rules.Check(submission, now) is { } wrong) return SendOutcome.Refused(wrong);
        string conversation = submission.ConversationId ?? Guid.NewGuid().ToString();
        submission = submission with { To = [.. submission.To.Distinct()], ConversationId = await NameForOthersAsync(submission, conversation, cancellationToken) };
        (Rejection? rejection, IssuedAttachments issued) = await attachments.IssueAsync(submission, now, cancellationToken);
        if (rejection is not null) return SendOutcome.Refused(rejection);

        for (int secondsOn = 0; ; secondsOn++)
        {
            (rejection, Draft draft) = await composer.ComposeAsync(submission, issued, now + secondsOn, now, cancellationToken);
            if (rejection is not null) return SendOutcome.Refused(rejection);
            if (secondsOn == 0) await attachments.RecordAsync(issued, cancellationToken);
            draft.Remember(submission.Records);
            CommitResult result = await committer.CommitAsync(draft.ToCommit(), submission.IsAwaited);
            if (result.Outcome == CommitOutcome.Stored) return await AnswerAsync(draft, submission with { ConversationId = conversation }, cancellationToken);
            if (result.Outcome == CommitOutcome.NotAuthor) return SendOutcome.Refused(Rejection.NotAuthor);
            if (secondsOn == MostSecondsOn) return SendOutcome.Refused(Rejection.Duplicate);
        }
    }

    // Conversations are merged and split in one mailbox; the others know what is answered, edited or taken back in the conversation that its envelope names.
    private async Task<string> NameForOthersAsync(Submission submission, string conversation, CancellationToken cancellationToken)
    {
        if (submission.InReplyTo is not { Length: > 0 } named || submission.ConversationId is null) return conversation;
        return await store.FindAsync(submission.From, named, cancellationToken) is { Envelope.Envelope: { } answered } entry && entry.ConversationId == conversation ? answered.ConversationId : conversation;
    }

    private async Task<SendOutcome> AnswerAsync(Draft draft, Submission submission, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, OutboxOutcome>? attempts = draft.Outbox.Count == 0 || !submission.IsAwaited ? null : await departures.WaitAsync(draft.Outbox, cancellationToken);
        var results = new SendResult[draft.Addressed.Count];
        for (int index = 0; index < results.Length; index++)
        {
            (Address recipient, SignedEnvelope envelope, OutboxEntry? entry) = draft.Addressed[index];
            OutboxOutcome? attempt = entry is null ? null : attempts?.GetValueOrDefault(entry.Id);
            string status = entry is null || attempt?.Status == SendStatus.Sent ? "sent" : attempt?.Status == SendStatus.Failed ? "failed" : "queued";
            metrics.Sent(status);
            results[index] = new SendResult(status, recipient.ToString(), envelope.Envelope.Id, submission.ConversationId!, attempt?.Error);
        }

        return new SendOutcome(null, results);
    }
}
