using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Notifications;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Relay;

/// <summary>
/// What follows when a relayed mail has ended, or takes long: its sender is told, once, and a large mail's blob goes with it. Whichever way it ended: the next server took or refused it, its time
/// ran out, or the operator dropped it.
/// </summary>
internal sealed partial class RelayEndings(RelayNotices notices, RelayRecords records, IBlobs blobs, string spoolDirectory, ILogger<RelayEndings> logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>Hears what became of a relayed mail that the next server does not have.</summary>
    /// <exception cref="StorageUnavailableException">It could not be told now.</exception>
    public async Task HearAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.Status == SendStatus.Sent) return;
        var ticket = RelayTicket.Read(entry.Envelope);
        if (outcome.Status == SendStatus.Failed) await FailedAsync(ticket, outcome.Error ?? "refused", cancellationToken);
        else await DelayedAsync(ticket, outcome, DateTimeOffset.FromUnixTimeSeconds(entry.ExpiresAt), cancellationToken);
    }

    /// <summary>The next server has it.</summary>
    /// <param name="slip">The mail.</param>
    /// <param name="mail">Its bytes.</param>
    /// <param name="notifies">Whether that server tells what becomes of it.</param>
    public async Task TakenAsync(RelaySlip slip, MessageSpool mail, bool notifies)
    {
        try
        {
            // RFC 3461 §5.2.3: a server that does not notify leaves it to us.
            var record = RelayRecords.End(slip.Id, RelayEnd.Taken);
            if (!notifies && RelayNotices.Concerns(slip, DsnAction.Relayed)) await notices.SendAsync(slip, DsnAction.Relayed, null, mail, null, record, CancellationToken.None);
            else if (slip.Blob is not null) await records.MarkEndAsync(slip.Id, RelayEnd.Taken, CancellationToken.None);
            await RelayBlob.ReleaseAsync(blobs, slip);
        }
        catch (StorageUnavailableException outage)
        {
            // It arrived; that must not be forgotten over a notification.
            LogUnavailable(slip.Id, outage.Message);
        }
    }

    private async Task FailedAsync(RelayTicket ticket, string words, CancellationToken cancellationToken)
    {
        var slip = ticket.Slip;
        // Told, but the outbox did not get to write that down.
        if (await records.EndOfAsync(slip.Id, cancellationToken) is not null) return;
        if (RelayNotices.Concerns(slip, DsnAction.Failed))
        {
            await using var mail = await RelayBlob.OpenAsync(blobs, ticket, spoolDirectory, cancellationToken);
            if (!await notices.SendAsync(slip, DsnAction.Failed, words, mail, null, RelayRecords.End(slip.Id, RelayEnd.Failed), cancellationToken))
                throw new StorageUnavailableException("That a relayed mail could not be delivered cannot be told now.");
        }
        else
        {
            await records.MarkEndAsync(slip.Id, RelayEnd.Failed, cancellationToken);
        }

        await RelayBlob.ReleaseAsync(blobs, slip);
    }

    private async Task DelayedAsync(RelayTicket ticket, OutboxOutcome outcome, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var slip = ticket.Slip;
        if (!(outcome.Parked ? RelayNotices.MayConcernParking(slip) : RelayNotices.Concerns(slip, DsnAction.Delayed))) return;
        await using var mail = await RelayBlob.OpenAsync(blobs, ticket, spoolDirectory, cancellationToken);
        var record = new BridgeRecord(EmailBridge.BridgeName, null, $"relay-delay/{slip.Id}", [], Unique: true);
        await notices.SendAsync(slip, DsnAction.Delayed, outcome.Error, mail, outcome.Parked ? null : until, record, cancellationToken);
    }

    [LoggerMessage(LogLevel.Error, "What followed relayed mail {Id} could not be stored: {Problem}")]
    private partial void LogUnavailable(string id, string problem);
}
