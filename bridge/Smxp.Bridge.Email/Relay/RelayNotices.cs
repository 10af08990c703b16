using System.IO.Compression;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Notifications;
using Smxp.Bridge.Email.Routing;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Relay;

/// <summary>Tells senders what became of a relayed mail, each thing once: the record that says so is written with the notification. Nobody is told of a mail with a null return path, or of a copy.</summary>
internal sealed class RelayNotices(IDispatch dispatch, IMessageIntake intake, AddressRouter router, string hostName, TimeProvider time)
{
    // What a notification brings back travels in its own entry of the outbox, so it is bounded.
    private const int LongestHeader = 64 * 1024;
    private const int LongestMail = 256 * 1024;

    private static ReadOnlySpan<byte> EndOfHeader => "\r\n\r\n"u8;

    /// <summary>The domain they come from.</summary>
    public string Domain => hostName;

    /// <summary>Whether the sender is to be told.</summary>
    public static bool Concerns(RelaySlip slip, DsnAction action) => slip is { IsCopy: false, Sender.Length: > 0 } && action switch
    {
        DsnAction.Failed => slip.Wishes.OfFailure,
        DsnAction.Delayed => slip.Wishes.OfDelay,
        _ => slip.Wishes.OfSuccess,
    };

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
        var (returned, isWhole) = mail is null ? ([], false) : await ReadBackAsync(mail, slip.Wishes.Return == "FULL" && action == DsnAction.Failed, cancellationToken);
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
            Size = bytes.Length,
            ArrivedAt = report.Date.ToUnixTimeSeconds(),
            IsNotification = true,
            // RFC 3461 §6.1: of what becomes of a notification, nobody is notified.
            Wishes = NotificationWishes.Nothing,
        };
        var content = new RelayTicket(slip, Compress(bytes)).Write();
        return dispatch.DispatchAsync([new Dispatch { Transport = RelayTransport.TransportName, MessageId = slip.Id, Recipient = sender, Content = content }], [record], cancellationToken);
    }

    // A sender with a mailbox here reads the words; there is no mail between us.
    private InboundMessage Message(DsnReport report, Address sender, BridgeRecord record)
    {
        var envelope = new Envelope
        {
            From = Address.TryParse($"mailer-daemon@{hostName}", out var daemon) ? daemon.ToString() : $"mailer-daemon@{sender.Domain}",
            To = sender.ToString(),
            Timestamp = report.Date.ToUnixTimeSeconds(),
            ConversationId = Guid.CreateVersion7(report.Date).ToString(),
            ContentType = "text",
            Name = "Mail Delivery System",
            Subject = DsnWriter.Subject(report.Action),
            Body = DsnWriter.Words(report),
        };
        return new InboundMessage(envelope, EmailBridge.BridgeName, Verified: true, [record]);
    }

    private static async Task<(byte[] Bytes, bool IsWhole)> ReadBackAsync(MessageSpool mail, bool wantsAll, CancellationToken cancellationToken)
    {
        bool isWhole = wantsAll && mail.Length <= LongestMail;
        byte[] bytes = new byte[isWhole ? mail.Length : Math.Min(mail.Length, LongestHeader)];
        await using var stream = mail.OpenRead();
        int read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (isWhole) return (bytes[..read], true);
        int end = bytes.AsSpan(0, read).IndexOf(EndOfHeader);
        return (bytes[..(end < 0 ? read : end + 2)], false);
    }

    private static byte[] Compress(byte[] bytes)
    {
        var target = new MemoryStream();
        using (var brotli = new BrotliStream(target, CompressionLevel.Fastest)) brotli.Write(bytes);
        return target.ToArray();
    }
}
