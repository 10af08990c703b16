using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Notifications;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Bridge.Email.Routing;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Relay;

/// <summary>
/// Carries mail on as it came: to a legacy server, to whom a return path of ours stands for, and notifications to the senders of what could not be carried. It leads nowhere by itself:
/// only entries that were made for it (<see cref="RelayDesk"/>) take it.
/// </summary>
internal sealed partial class RelayTransport(
    MailRoutes routes, SmtpSender sender, MailSigner signer, RelayNotices notices, RelayRecords records, CallForward callForward, IBlobs blobs, string spoolDirectory, TimeProvider time, ILogger<RelayTransport> logger) : ITransport
{
    public const string TransportName = "relay";

    // RFC 3461 §4.1 leaves it to us; senders of messages from here are told of a delay after the same time.
    private static readonly TimeSpan DelayNoticeAfter = TimeSpan.FromHours(4);
    // The outbox judges a moment later than we do.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = logger;

    public string Name => TransportName;

    public int Order => 300;

    public ValueTask<Reach> ReachAsync(Address recipient, CancellationToken cancellationToken) => new(new Reach(ReachKind.No, "for relayed mail alone"));

    public void ForgetFailures() => sender.ForgetFailures();

    public async Task<HandOver> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        var ticket = RelayTicket.Read(entry.Envelope);
        // It ended, but the outbox did not get to write that down.
        if (await records.EndOfAsync(ticket.Slip.Id, cancellationToken) is { } end) return End(end, "given up");
        await using var mail = await RelayBlob.OpenAsync(blobs, ticket, spoolDirectory, cancellationToken);
        var (result, notifies) = mail is null
            ? (new HandOver(HandOverKind.Rejected, "the mail is no longer to be had"), false)
            : await TryAsync(entry, ticket.Slip, mail, cancellationToken);
        LogAttempt(ticket.Slip.Id, entry.Recipient, result.Kind, result.Error);
        return result.Kind switch
        {
            HandOverKind.Accepted => await TakenAsync(ticket.Slip, mail, notifies),
            HandOverKind.Rejected => await FailedAsync(ticket.Slip, mail, result.Error ?? "refused"),
            _ when IsLast(entry) => await FailedAsync(ticket.Slip, mail, $"gave up after {entry.Attempts + 1} attempts: {result.Error ?? "deferred"}"),
            _ => await DelayedAsync(entry, ticket.Slip, mail, result),
        };
    }

    private bool IsLast(OutboxEntry entry) => (time.GetUtcNow() + Margin).ToUnixTimeSeconds() >= entry.ExpiresAt;

    private async Task<(HandOver Result, bool Notifies)> TryAsync(OutboxEntry entry, RelaySlip slip, MessageSpool mail, CancellationToken cancellationToken)
    {
        try
        {
            var route = await routes.FindAsync(entry.Recipient.Domain, cancellationToken);
            if (route.Kind != ReachKind.Yes) return (new HandOver(route.Kind == ReachKind.Unknown ? HandOverKind.Deferred : HandOverKind.Rejected, route.Reason), false);
            bool notifies = false;
            var outgoing = new OutgoingMail(slip.ReturnPath, [Recipient(slip)], mail.Length, mail.OpenRead)
            {
                Needs = slip.Needs,
                EnvelopeId = slip.Wishes.EnvelopeId,
                Return = slip.Wishes.Return,
                Taken = dsn => notifies = dsn,
            };
            if (slip.IsNotification) outgoing = await signer.SignAsync(outgoing, notices.Domain, cancellationToken);
            var result = (await sender.SendAsync(route, outgoing, cancellationToken))[0];
            if (result.Kind == HandOverKind.Accepted && route.IsLegacy) callForward.Confirm(entry.Recipient);
            return (result, notifies);
        }
        catch (OperationCanceledException) when (IsLast(entry))
        {
            return (new HandOver(HandOverKind.Deferred, "the attempt took too long"), false);
        }
    }

    private static OutgoingRecipient Recipient(RelaySlip slip) => new(slip.Recipient)
    {
        Notify = slip.Wishes.Notify,
        // RFC 3461 §5.2.1 (d): passed on as it came; where the sender said nothing, neither do we.
        Original = slip.Wishes.OriginalRecipient,
    };

    private async Task<HandOver> TakenAsync(RelaySlip slip, MessageSpool? mail, bool notifies)
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

        return new HandOver(HandOverKind.Accepted);
    }

    private async Task<HandOver> FailedAsync(RelaySlip slip, MessageSpool? mail, string words)
    {
        var record = RelayRecords.End(slip.Id, RelayEnd.Failed);
        if (!RelayNotices.Concerns(slip, DsnAction.Failed)) await records.MarkEndAsync(slip.Id, RelayEnd.Failed, CancellationToken.None);
        else if (!await notices.SendAsync(slip, DsnAction.Failed, words, mail, null, record, CancellationToken.None)) return new HandOver(HandOverKind.Deferred, words);
        await RelayBlob.ReleaseAsync(blobs, slip);
        return new HandOver(HandOverKind.Rejected, words);
    }

    private async Task<HandOver> DelayedAsync(OutboxEntry entry, RelaySlip slip, MessageSpool? mail, HandOver result)
    {
        if (!RelayNotices.Concerns(slip, DsnAction.Delayed) || time.GetUtcNow().ToUnixTimeSeconds() - slip.ArrivedAt < DelayNoticeAfter.TotalSeconds) return result;
        var record = new BridgeRecord(EmailBridge.BridgeName, null, $"relay-delay/{slip.Id}", [], Unique: true);
        await notices.SendAsync(slip, DsnAction.Delayed, result.Error, mail, DateTimeOffset.FromUnixTimeSeconds(entry.ExpiresAt), record, CancellationToken.None);
        return result;
    }

    private static HandOver End(RelayEnd end, string words) => end == RelayEnd.Taken ? new HandOver(HandOverKind.Accepted) : new HandOver(HandOverKind.Rejected, words);

    [LoggerMessage(LogLevel.Information, "Relayed mail {Id} to {Recipient}: {Result} {Error}")]
    private partial void LogAttempt(string id, Address recipient, HandOverKind result, string? error);

    [LoggerMessage(LogLevel.Error, "What followed relayed mail {Id} could not be stored: {Problem}")]
    private partial void LogUnavailable(string id, string problem);
}
