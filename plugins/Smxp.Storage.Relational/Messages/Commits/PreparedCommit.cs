using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational.Bridge;
using Smxp.Storage.Relational.Outbox;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>
/// A commit, made ready by its caller for the writer. The writer first looks for a reason to refuse it, and only then writes, so a refused commit leaves
/// nothing behind in the transaction it shares and needs no savepoint of its own.
/// </summary>
internal sealed class PreparedCommit
{
    private readonly Commit _commit;
    private readonly PreparedDelivery[] _deliveries;

    private PreparedCommit(Commit commit, PreparedDelivery[] deliveries) => (_commit, _deliveries) = (commit, deliveries);

    public static PreparedCommit From(Commit commit)
    {
        var deliveries = new PreparedDelivery[commit.Deliveries.Count];
        for (int i = 0; i < deliveries.Length; i++) deliveries[i] = PreparedDelivery.From(commit.Deliveries[i], i > 0 ? deliveries[i - 1] : null);
        return new PreparedCommit(commit, deliveries);
    }

    public CommitResult Write(WriteTransaction transaction)
    {
        var ledger = MailboxLedger.Of(transaction);
        if (Refusals.Find(ledger, _deliveries) is { } refused) return CommitResult.Refused(refused);
        if (BridgeRecordWriter.AnyTaken(transaction.Statements, _commit.BridgeRecords)) return CommitResult.Refused(CommitOutcome.Duplicate);

        var envelopes = new EnvelopeWriter(transaction.Statements);
        var sequences = new Dictionary<Address, long>(_deliveries.Length);
        int updated = 0;
        foreach (PreparedDelivery delivery in _deliveries)
        {
            MailboxState mailbox = ledger.GetOrAdd(delivery.Delivery.Mailbox);
            updated += Deliver(ledger, mailbox, delivery, envelopes);
            sequences[delivery.Delivery.Mailbox] = mailbox.LastSequence;
        }

        List<string> absorbed = [];
        foreach (OutboxEntry entry in _commit.Outbox)
        {
            if (Supersession.TryAbsorb(transaction, entry, envelopes, sequences)) absorbed.Add(entry.Id);
            else OutboxWriter.Enqueue(transaction.Statements, entry, envelopes);
        }

        foreach (SendReport report in _commit.Reports)
        {
            if (Settlement.Report(transaction, report) is { } sequence) sequences[report.Mailbox] = sequence;
        }

        BridgeRecordWriter.Put(transaction.Statements, _commit.BridgeRecords);
        return new CommitResult(CommitOutcome.Stored, sequences, updated) { Absorbed = absorbed };
    }

    private static int Deliver(MailboxLedger ledger, MailboxState mailbox, PreparedDelivery delivery, EnvelopeWriter envelopes)
    {
        var place = Place.Of(ledger, mailbox, delivery);
        switch (delivery.Delivery.Envelope.Envelope.Type)
        {
            case EnvelopeType.Receipt:
                return Receipts.Apply(ledger, mailbox, place, delivery, envelopes);
            case EnvelopeType.Edit or EnvelopeType.Delete:
                Revisions.Deliver(ledger, mailbox, place, delivery, envelopes);
                return 0;
            default:
                Arrivals.Deliver(ledger, mailbox, place, delivery, envelopes);
                return 0;
        }
    }
}
