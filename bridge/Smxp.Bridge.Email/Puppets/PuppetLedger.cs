using MimeKit;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Threads;
using Smxp.Mail.Smtp;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>Notes mail that came for puppets, and what was heard of it after it went on. The people are elsewhere, so the lines are the bridge's own.</summary>
internal sealed class PuppetLedger(CrossingLedger ledger, PuppetRecords records, TimeProvider time)
{
    /// <summary>The line of a mail that goes on to SMXP; it commits with it.</summary>
    public IReadOnlyList<BridgeRecord> Arrived(SmtpTransaction transaction, PuppetRecipient recipient, Address author, MailDraft draft, MailIdentity identity, ThreadPlace place, long at)
    {
        var line = InboundLedger.Describe(recipient.Puppet, author, draft, identity, place, DateTimeOffset.FromUnixTimeSeconds(at)) with { Client = $"{transaction.ClientName} [{transaction.Client}]" };
        return ledger.Records(null, CrossingKey.Of(at, CrossingKey.PendingId), line);
    }

    /// <summary>Notes a mail that had come before.</summary>
    public Task DuplicateAsync(PuppetRecipient recipient, Address author, MailIdentity identity, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        var line = new Crossing
        {
            At = now,
            Direction = CrossingDirection.In,
            Outcome = CrossingOutcome.Duplicate,
            From = author.ToString(),
            To = recipient.Puppet.ToString(),
            MessageId = identity.MessageId,
            ContentHash = identity.ContentHash,
        };
        return ledger.WriteAsync(null, CrossingKey.OfNone(now, identity.ContentHash), line, cancellationToken);
    }

    /// <summary>The records for a notification about a message of somebody whom a puppet stands for.</summary>
    public async Task<IReadOnlyList<BridgeRecord>> ReportedAsync(
        MimeMessage report, PuppetRecipient recipient, MailIdentity identity, string id, PuppetMail about, string outcome, string words, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        var own = ledger.Records(null, CrossingKey.OfReport(now, id, identity.ContentHash), ReportLedger.Line(report, identity, recipient.Puppet, now, words));
        return about.Line is { } key && await ledger.GetAsync(null, key, cancellationToken) is { } sent
            ? [.. own, .. ledger.Records(null, key, sent.With(new CrossingAttempt(now, outcome, words)))]
            : own;
    }

    /// <summary>How a message that was made of a mail for a puppet ended; nothing where it was none.</summary>
    public async Task<IReadOnlyList<BridgeRecord>> NoteAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        if (entry.Sender is not null || outcome.Status == SendStatus.Queued || await records.ArrivalOfAsync(entry.MessageId, cancellationToken) is not { } arrival) return [];
        string key = CrossingKey.Of(arrival.ArrivedAt, entry.MessageId);
        if (await ledger.GetAsync(null, key, cancellationToken) is not { } line) return [];
        bool isSent = outcome.Status == SendStatus.Sent;
        return ledger.Records(null, key, line with { Heard = [new CrossingAttempt(outcome.At, isSent ? CrossingOutcome.Sent : CrossingOutcome.Failed, isSent ? null : outcome.Error)] });
    }
}
