using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Notifications;
using Smxp.Bridge.Email.Routing;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Relay;

/// <summary>Tells senders what became of a relayed mail, each thing once: the record that says so is written with the notification. Nobody is told of a mail with a null return path, or of a copy.</summary>
internal sealed class RelayNotices(IDispatch dispatch, IMessageIntake intake, AddressRouter router, string hostName, TimeProvider time)
{
    /// <summary>Whether the sender is to be told.</summary>
    public static bool Concerns(RelaySlip slip, DsnAction action) => slip is { IsCopy: false, IsAnswer: false, Sender.Length: > 0 } && slip.Wishes.Of(action);

    /// <summary>Whether the sender is to be told that it waits for the operator, for who knows how long.</summary>
    public static bool MayConcernParking(RelaySlip slip) => slip is { IsCopy: false, IsAnswer: false, Sender.Length: > 0 } && slip.Wishes.AllowDelay;

    /// <summary>Sends the notification, with the record that makes it the only one. False where it could not be stored now.</summary>
    /// <param name="slip">The mail it speaks of.</param>
    /// <param name="action">What happened.</param>
    /// <param name="words">Why.</param>
    /// <param name="mail">The mail as it left or would have left; null where it is no longer to be had.</param>
    /// <param name="triedUntil">For a delay: until when it will be tried.</param>
    /// <param name="record">What is written with it; unique.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<bool> SendAsync(RelaySlip slip, DsnAction action, string? words, MessageSpool? mail, DateTimeOffset? triedUntil, BridgeRecord record, CancellationToken cancellationToken)
    {
        // A return path that is no address of ours to write to: nobody can be told.
        if (!Address.TryParse(slip.Sender, out var sender)) return true;
        var (status, isReply) = action is DsnAction.Failed or DsnAction.Delayed ? DsnStatus.Of(words, isPermanent: action == DsnAction.Failed) : ("2.0.0", false);
        await using var bytes = mail?.OpenRead();
        var (returned, isWhole) = bytes is null ? ([], false) : await ReturnedMail.ReadAsync(bytes, slip.Wishes.Return == "FULL" && action == DsnAction.Failed, cancellationToken);
        var now = time.GetUtcNow();
        var report = new DsnReport
        {
            MessageId = $"{slip.Id}.{action.ToString().ToLowerInvariant()}@{hostName}",
            To = slip.Sender,
            Action = action,
            ReportingServer = hostName,
            Recipient = slip.Recipient,
            OriginalRecipient = slip.Wishes.OriginalRecipient,
            EnvelopeId = slip.Wishes.EnvelopeId,
            Status = status,
            Words = words,
            IsReply = isReply,
            ArrivedAt = DateTimeOffset.FromUnixTimeSeconds(slip.ArrivedAt),
            Date = now,
            TriedUntil = triedUntil,
            Returned = returned,
            IsWhole = isWhole,
        };
        bool isHere = await intake.LookUpAsync(sender, cancellationToken) == RecipientKind.Local
            && await router.FindAsync(sender, hasInbox: true, cancellationToken) is null or AddressWays.Here or (AddressWays.Here | AddressWays.Legacy);
        var result = isHere ? await intake.AcceptAsync(Message(report, sender, record), cancellationToken) : await DispatchAsync(slip, report, sender, record, cancellationToken);
        return result.Kind != IntakeKind.Unavailable;
    }

    private Task<IntakeResult> DispatchAsync(RelaySlip about, DsnReport report, Address sender, BridgeRecord record, CancellationToken cancellationToken)
    {
        byte[] bytes = DsnWriter.Write(report);
        var slip = new RelaySlip
        {
            Id = $"relay-{Guid.CreateVersion7(report.Date):N}",
            Sender = "",
            ReturnPath = "",
            Recipient = about.Sender,
            MessageId = report.MessageId,
            Size = bytes.Length,
            ArrivedAt = report.Date.ToUnixTimeSeconds(),
            IsNotification = true,
            // RFC 3461 §6.1: of what becomes of a notification, nobody is notified.
            Wishes = NotificationWishes.Nothing,
        };
        var content = new RelayTicket(slip, Originals.Compress(bytes)).Write();
        return dispatch.DispatchAsync([new Dispatch { Transport = RelayTransport.TransportName, MessageId = slip.Id, Recipient = sender, Content = content }], [record], cancellationToken);
    }

    // A sender with a mailbox here reads the words; there is no mail between us.
    private static InboundMessage Message(DsnReport report, Address sender, BridgeRecord record) =>
        new(DsnMessage.Write(report, sender, Guid.CreateVersion7(report.Date).ToString(), about: null), EmailBridge.BridgeName, Verified: true, [record]);
}
