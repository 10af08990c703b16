using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Puppets;
using Smxp.Bridge.Email.Relay;
using Smxp.Bridge.Email.Submission;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Notifications;

/// <summary>Who is told, in the way of email or beyond the rows here, what became of something that left; and what the ledger says of it.</summary>
internal sealed class OutcomeNews(SubmissionNotices submission, RelayEndings relay, HybridNotices hybrid, PuppetModule? puppets, OutcomeLedger ledger)
{
    /// <summary>Hears of an outcome; answers what is written with it.</summary>
    /// <exception cref="StorageUnavailableException">It could not be told now.</exception>
    public async Task<IReadOnlyList<BridgeRecord>> HearAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        if (entry.Transport == RelayTransport.TransportName) await relay.HearAsync(entry, outcome, cancellationToken);
        else if (entry.Sender is not null) await submission.HearAsync(entry, outcome, cancellationToken);
        else if (outcome.Status == SendStatus.Failed || outcome.Parked) await TellElsewhereAsync(entry, outcome, cancellationToken);
        var noted = await ledger.NoteAsync(entry, outcome, cancellationToken);
        return puppets is null ? noted : [.. noted, .. await puppets.Ledger.NoteAsync(entry, outcome, cancellationToken)];
    }

    // Nobody has a row of it here: somebody on another server wrote it, or somebody on email to a puppet.
    private async Task TellElsewhereAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        await hybrid.TellAsync(entry, outcome, cancellationToken);
        if (puppets is not null) await puppets.Failures.TellAsync(entry, outcome, cancellationToken);
    }
}
