using Smxp.Bridge.Email.Puppets;
using Smxp.Bridge.Email.Relay;
using Smxp.Bridge.Email.Submission;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Notifications;

/// <summary>Who is told, in the way of email or beyond the rows here, what became of something that left.</summary>
internal sealed class OutcomeNews(SubmissionNotices submission, RelayEndings relay, PuppetFailures? puppets)
{
    /// <summary>Hears of an outcome; answers what is written with it.</summary>
    /// <exception cref="StorageUnavailableException">It could not be told now.</exception>
    public async Task<IReadOnlyList<BridgeRecord>> HearAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        if (entry.Transport == RelayTransport.TransportName) await relay.HearAsync(entry, outcome, cancellationToken);
        else if (entry.Sender is not null) await submission.HearAsync(entry, outcome, cancellationToken);
        // Where nobody has a row here, a puppet may have written, or been written to.
        else if (puppets is not null && (outcome.Status == SendStatus.Failed || outcome.Parked)) await puppets.TellAsync(entry, outcome, cancellationToken);
        return [];
    }
}
