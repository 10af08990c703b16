using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Inbound;
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
    MailRoutes routes, SmtpSender sender, MailSigner signer, RelayEndings endings, RelayRecords records, CallForward callForward, IBlobs blobs, string domain, string spoolDirectory,
    ILogger<RelayTransport> logger) : ITransport
{
    public const string TransportName = "relay";

    private readonly ILogger _logger = logger;

    public string Name => TransportName;

    public int Order => 300;

    public ValueTask<Reach> ReachAsync(Address recipient, CancellationToken cancellationToken) => new(new Reach(ReachKind.No, "for relayed mail alone"));

    public void ForgetFailures() => sender.ForgetFailures();

    // What is refused, late or given up, the outbox tells (RelayEndings.HearAsync), for it knows of ends that no attempt has.
    public async Task<HandOver> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        var ticket = RelayTicket.Read(entry.Envelope);
        // It ended, but the outbox did not get to write that down.
        if (await records.EndOfAsync(ticket.Slip.Id, cancellationToken) is { } end) return End(end, "given up");
        await using var mail = await RelayBlob.OpenAsync(blobs, ticket, spoolDirectory, cancellationToken);
        if (mail is null) return new HandOver(HandOverKind.Rejected, "the mail is no longer to be had");
        var (result, notifies) = await TryAsync(entry, ticket.Slip, mail, cancellationToken);
        LogAttempt(ticket.Slip.Id, entry.Recipient, result.Kind, result.Error);
        if (result.Kind == HandOverKind.Accepted) await endings.TakenAsync(ticket.Slip, mail, notifies);
        return result;
    }

    private async Task<(HandOver Result, bool Notifies)> TryAsync(OutboxEntry entry, RelaySlip slip, MessageSpool mail, CancellationToken cancellationToken)
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
        if (slip.IsNotification) outgoing = await signer.SignAsync(outgoing, domain, cancellationToken);
        var result = (await sender.SendAsync(route, outgoing, cancellationToken))[0];
        if (result.Kind == HandOverKind.Accepted && route.IsLegacy) callForward.Confirm(entry.Recipient);
        return (result, notifies);
    }

    private static OutgoingRecipient Recipient(RelaySlip slip) => new(slip.Recipient)
    {
        Notify = slip.Wishes.Notify,
        // RFC 3461 §5.2.1 (d): passed on as it came; where the sender said nothing, neither do we.
        Original = slip.Wishes.OriginalRecipient,
    };

    private static HandOver End(RelayEnd end, string words) => end == RelayEnd.Taken ? new HandOver(HandOverKind.Accepted) : new HandOver(HandOverKind.Rejected, words);

    [LoggerMessage(LogLevel.Information, "Relayed mail {Id} to {Recipient}: {Result} {Error}")]
    private partial void LogAttempt(string id, Address recipient, HandOverKind result, string? error);
}
