using Smxp.Host.Delivery;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Mail.Sending;

/// <summary>The way out of the corridor: checks a submission, commits all of it in one transaction, publishes it, and waits a moment for what leaves.</summary>
internal sealed class Sender(SubmissionRules rules, AttachmentIssuer attachments, Composer composer, IMessageStore store, Departures departures, IEventBus events, TimeProvider time)
{
    // Two equal messages of one second would have one content id (SMXP §3). The later is dated a second on, within reason.
    private const int MostSecondsOn = 10;

    public async Task<SendOutcome> SendAsync(Submission submission, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        if (rules.Check(submission, now) is { } wrong) return SendOutcome.Refused(wrong);
        submission = submission with { To = [.. submission.To.Distinct()], ConversationId = submission.ConversationId ?? Guid.NewGuid().ToString() };
        (Rejection? rejection, IssuedAttachments issued) = await attachments.IssueAsync(submission, now, cancellationToken);
        if (rejection is not null) return SendOutcome.Refused(rejection);

        for (int secondsOn = 0; ; secondsOn++)
        {
            (rejection, Draft draft) = await composer.ComposeAsync(submission, issued, now + secondsOn, now, cancellationToken);
            if (rejection is not null) return SendOutcome.Refused(rejection);
            if (secondsOn == 0) await attachments.RecordAsync(issued, cancellationToken);
            CommitResult result = await CommitAsync(draft);
            if (result.Outcome == CommitOutcome.Stored) return await AnswerAsync(draft, submission.ConversationId, cancellationToken);
            if (result.Outcome == CommitOutcome.NotAuthor) return SendOutcome.Refused(Rejection.NotAuthor);
            if (secondsOn == MostSecondsOn) return SendOutcome.Refused(Rejection.Duplicate);
        }
    }

    // From here on the client's leaving changes nothing: what is committed must be published and set off.
    private async Task<CommitResult> CommitAsync(Draft draft)
    {
        departures.Watch(draft.Outbox);
        CommitResult? result = null;
        try
        {
            result = await store.CommitAsync(draft.ToCommit(), CancellationToken.None);
        }
        finally
        {
            if (result is not { Outcome: CommitOutcome.Stored }) departures.Forget(draft.Outbox);
        }

        foreach ((Protocol.Address mailbox, long sequence) in result.Sequences) events.Publish(mailbox, sequence);
        if (result.Outcome == CommitOutcome.Stored) departures.Depart(draft.Outbox);
        return result;
    }

    private async Task<SendOutcome> AnswerAsync(Draft draft, string conversation, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, OutboxOutcome>? attempts = draft.Outbox.Count == 0 ? null : await departures.WaitAsync(draft.Outbox, cancellationToken);
        var results = new SendResult[draft.Addressed.Count];
        for (int index = 0; index < results.Length; index++)
        {
            (Protocol.Address recipient, Protocol.SignedEnvelope envelope, OutboxEntry? entry) = draft.Addressed[index];
            OutboxOutcome? attempt = entry is null ? null : attempts?.GetValueOrDefault(entry.Id);
            string status = entry is null || attempt?.Status == SendStatus.Sent ? "sent" : attempt?.Status == SendStatus.Failed ? "failed" : "queued";
            results[index] = new SendResult(status, recipient.ToString(), envelope.Envelope.Id, conversation, attempt?.Error);
        }

        return new SendOutcome(null, results);
    }
}
