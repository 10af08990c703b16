using MimeKit;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>What a report says of a message that had left.</summary>
/// <param name="Entry">The message.</param>
/// <param name="Outcome">See <see cref="CrossingOutcome"/>.</param>
/// <param name="Words">In words.</param>
internal sealed record Heard(MailboxEntry Entry, string Outcome, string Words);

/// <summary>Notes mail about mail, which became no message: a line of its own, and the news on the line of the message it speaks of.</summary>
internal sealed class ReportLedger(CrossingLedger ledger, TimeProvider time)
{
    /// <summary>The records for a report to a mailbox.</summary>
    public async Task<IReadOnlyList<BridgeRecord>> NoteAsync(MimeMessage report, MailIdentity identity, Address mailbox, IReadOnlyList<Heard> heard, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        var records = new List<BridgeRecord>(ledger.Records(
            mailbox, CrossingKey.OfReport(now, heard[0].Entry.Id, identity.ContentHash), Line(report, identity, mailbox, now, string.Join("; ", heard.Select(static one => one.Words)))));
        foreach (var one in heard)
        {
            if (await ledger.FindOutgoingAsync(mailbox, one.Entry.CreatedAt, one.Entry.Id, cancellationToken) is { } sent)
                records.AddRange(ledger.Records(mailbox, sent.Key, sent.Crossing.With(new CrossingAttempt(now, one.Outcome, one.Words))));
        }

        return records;
    }

    /// <summary>The line of a report.</summary>
    public static Crossing Line(MimeMessage report, MailIdentity identity, Address mailbox, long now, string words) => new()
    {
        At = now,
        Direction = CrossingDirection.In,
        Outcome = CrossingOutcome.Reported,
        From = report.From.Mailboxes.FirstOrDefault()?.Address,
        To = mailbox.ToString(),
        MessageId = identity.MessageId,
        ContentHash = identity.ContentHash,
        Reply = words,
    };
}
