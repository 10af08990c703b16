using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Bridge.Email.Submission;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Carries messages out as email. The outbox holds them, chooses this transport where SMXP leads nowhere, and tries again; each call here is one attempt.</summary>
internal sealed partial class EmailTransport(MailRoutes routes, MailComposer composer, SubmittedMails submitted, MailSigner signer, SmtpSender sender, string spoolDirectory, ILogger<EmailTransport> logger)
    : ITransport, IAsyncDisposable
{
    private readonly ILogger _logger = logger;

    public string Name => EmailBridge.BridgeName;

    public int Order => 200;

    public async ValueTask<Reach> ReachAsync(Address recipient, CancellationToken cancellationToken)
    {
        var route = await routes.FindAsync(recipient.Domain, cancellationToken);
        return new Reach(route.Kind, route.Reason);
    }

    public async Task<HandOver> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        if (!SignedEnvelope.TryParse(entry.Envelope, out var envelope, out string? error)) return new HandOver(HandOverKind.Faulted, $"what is queued is no message: {error}");
        // Email has no way to take a mail back, and knows receipts only where they were asked for (email mapping §6): nothing leaves.
        if (envelope.Envelope.Type is EnvelopeType.Delete or EnvelopeType.Receipt) return new HandOver(HandOverKind.Accepted);

        var route = await routes.FindAsync(entry.Recipient.Domain, cancellationToken);
        if (route.Kind != ReachKind.Yes) return new HandOver(route.Kind == ReachKind.Unknown ? HandOverKind.Deferred : HandOverKind.Rejected, route.Reason);
        if (await submitted.TrySendAsync(route, entry, envelope.Envelope, cancellationToken) is { } handedOver)
        {
            LogAttempt(entry.MessageId, entry.Recipient, handedOver.Kind, handedOver.Error);
            return handedOver;
        }

        await using var mail = await composer.ComposeAsync(entry, envelope.Envelope, cancellationToken);
        if (mail.Refusal is { } refusal) return new HandOver(HandOverKind.Rejected, refusal);
        await using var spool = new MessageSpool(spoolDirectory);
        var outgoing = await mail.SealAsync(spool, entry.MessageId, cancellationToken);
        if (Address.TryParse(envelope.Envelope.From, out var author)) outgoing = await signer.SignAsync(outgoing, author.Domain, cancellationToken);
        var result = (await sender.SendAsync(route, outgoing, cancellationToken))[0];
        LogAttempt(entry.MessageId, entry.Recipient, result.Kind, result.Error);
        return result;
    }

    public ValueTask DisposeAsync() => sender.DisposeAsync();

    [LoggerMessage(LogLevel.Information, "Mail of message {Id} to {Recipient}: {Result} {Error}")]
    private partial void LogAttempt(string id, Address recipient, HandOverKind result, string? error);
}
