using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Bridge.Email.Outbound.Receipts;
using Smxp.Bridge.Email.Puppets;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Bridge.Email.Submission;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Carries messages out as email. The outbox holds them, chooses this transport where SMXP leads nowhere, and tries again; each call here is one attempt.</summary>
internal sealed partial class EmailTransport(
    MailRoutes routes, MailComposer composer, PuppetPost? puppets, SubmittedMails submitted, HeldMessages held, GroupMails groups, Retractions retractions, ReadNotices receipts, VerpAddresses verp, MailSigner signer,
    SmtpSender sender, OutboundSettings settings, string spoolDirectory, ILogger<EmailTransport> logger) : ITransport, IAsyncDisposable
{
    private readonly ILogger _logger = logger;

    public string Name => EmailBridge.BridgeName;

    public int Order => 200;

    public TimeSpan HoldTime { get; } = TimeSpan.FromSeconds(settings.HoldSeconds);

    public async ValueTask<Reach> ReachAsync(Address recipient, CancellationToken cancellationToken)
    {
        var route = await routes.FindAsync(recipient.Domain, cancellationToken);
        return new Reach(route.Kind, route.Reason);
    }

    public async Task<HandOver> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        if (!SignedEnvelope.TryParse(entry.Envelope, out var envelope, out string? error)) return new HandOver(HandOverKind.Faulted, $"what is queued is no message: {error}");
        bool isDelete = envelope.Envelope.Type == EnvelopeType.Delete;
        if (isDelete) await retractions.NoteAsync(entry, envelope.Envelope, cancellationToken);
        if (isDelete && !settings.NotifyDeletes) return new HandOver(HandOverKind.Accepted, Retractions.Remark);
        if (puppets?.Carries(entry) == true)
        {
            // Whom a puppet stands for has asked for no receipt of ours: nothing leaves.
            return envelope.Envelope.Type == EnvelopeType.Receipt ? new HandOver(HandOverKind.Accepted)
                : await puppets.SendAsync(entry, (await held.ReadAsync(entry, envelope.Envelope, cancellationToken)).Shown, cancellationToken);
        }

        var route = await routes.FindAsync(entry.Recipient.Domain, cancellationToken);
        if (route.Kind != ReachKind.Yes) return new HandOver(route.Kind == ReachKind.Unknown ? HandOverKind.Deferred : HandOverKind.Rejected, route.Reason);
        if (envelope.Envelope.Type == EnvelopeType.Receipt) return await receipts.SendAsync(route, envelope.Envelope, cancellationToken);
        var message = await held.ReadAsync(entry, envelope.Envelope, cancellationToken);
        // What came from a mail program leaves as it was written there, unless it was changed since.
        if (message.Shown == message.Written && await submitted.TrySendAsync(route, entry, envelope.Envelope, cancellationToken) is { } handedOver)
        {
            LogAttempt(entry.MessageId, entry.Recipient, handedOver.Kind, handedOver.Error ?? "");
            return handedOver;
        }

        if (entry.Audience.Count > 1) await groups.RememberAsync(GroupMail.Of(message.Written, entry.Audience), cancellationToken);
        await using var mail = await composer.ComposeAsync(entry, message.Shown, cancellationToken);
        if (mail.Refusal is { } refusal) return new HandOver(HandOverKind.Rejected, refusal);
        await using var spool = new MessageSpool(spoolDirectory);
        var outgoing = await verp.MarkAsync(await mail.SealAsync(spool, entry.MessageId, cancellationToken), entry.Sender, entry.MessageId, cancellationToken);
        if (Address.TryParse(envelope.Envelope.From, out var author)) outgoing = await signer.SignAsync(outgoing, author.Domain, cancellationToken);
        var result = (await sender.SendAsync(route, outgoing, cancellationToken))[0];
        LogAttempt(entry.MessageId, entry.Recipient, result.Kind, result.Error ?? "");
        return result;
    }

    public void ForgetFailures() => sender.ForgetFailures();

    public ValueTask DisposeAsync() => sender.DisposeAsync();

    [LoggerMessage(LogLevel.Information, "Mail of message {Id} to {Recipient}: {Result} {Error}")]
    private partial void LogAttempt(string id, Address recipient, HandOverKind result, string error);
}
