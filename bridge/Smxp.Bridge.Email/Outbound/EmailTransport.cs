using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Carries messages out as email. The outbox holds them, chooses this transport where SMXP leads nowhere, and tries again; each call here is one attempt.</summary>
internal sealed partial class EmailTransport(MailRoutes routes, MailComposer composer, SmtpSender sender, ILogger<EmailTransport> logger) : ITransport, IAsyncDisposable
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
        if (!SignedEnvelope.TryParse(entry.Envelope, out var envelope, out string? error)) return new HandOver(HandOverKind.Rejected, error);
        // Email has no way to take a mail back, and knows receipts only where they were asked for (email mapping §6): nothing leaves.
        if (envelope.Envelope.Type is EnvelopeType.Delete or EnvelopeType.Receipt) return new HandOver(HandOverKind.Accepted);

        var route = await routes.FindAsync(entry.Recipient.Domain, cancellationToken);
        if (route.Kind != ReachKind.Yes) return new HandOver(route.Kind == ReachKind.Unknown ? HandOverKind.Deferred : HandOverKind.Rejected, route.Reason);
        await using var mail = await composer.ComposeAsync(entry, envelope.Envelope, cancellationToken);
        if (mail.Refusal is { } refusal) return new HandOver(HandOverKind.Rejected, refusal);
        var result = await DeliverAsync(route, mail, cancellationToken);
        LogAttempt(entry.MessageId, entry.Recipient, result.Kind, result.Error);
        return result;
    }

    public ValueTask DisposeAsync() => sender.DisposeAsync();

    // Host by host until one takes it or refuses it for good: only what could not be said moves on (RFC 5321 §5.1).
    private async Task<HandOver> DeliverAsync(MailRoute route, ComposedMail mail, CancellationToken cancellationToken)
    {
        var last = new HandOver(HandOverKind.Deferred, "no mail server could be reached");
        await foreach (var host in HostsAsync(route, cancellationToken))
        {
            last = await sender.SendAsync(host, mail, cancellationToken);
            if (last.Kind != HandOverKind.Deferred) return last;
        }

        return last;
    }

    private async IAsyncEnumerable<MailHost> HostsAsync(MailRoute route, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (routes.SmartHost is { } smartHost)
        {
            yield return MailHost.Of(smartHost, sender.NamesAuthorities);
            yield break;
        }

        foreach (string exchanger in route.Hosts)
        {
            var (_, addresses) = await routes.AddressesAsync(exchanger, cancellationToken);
            foreach (var address in addresses.OrderBy(static address => address.AddressFamily == AddressFamily.InterNetworkV6 ? 0 : 1)) yield return MailHost.Of(exchanger, address);
        }
    }

    [LoggerMessage(LogLevel.Information, "Mail of message {Id} to {Recipient}: {Result} {Error}")]
    private partial void LogAttempt(string id, Address recipient, HandOverKind result, string? error);
}
