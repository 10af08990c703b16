using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Notifications;
using Smxp.Bridge.Email.Routing;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Relay;

/// <summary>
/// Tells authors on other SMXP servers what could not be carried on to a hybrid domain's legacy server. Their server has seen the message accepted, and nobody here has a row of it; so the postmaster of
/// the recipient's domain writes to them, once per message, and quotes what failed.
/// </summary>
internal sealed partial class HybridNotices(HybridDomains domains, AddressRouter router, IMessageIntake intake, IMailboxes mailboxes, IDispatch dispatch, TimeProvider time, ILogger<HybridNotices> logger)
{
    private const int LongestQuote = 1000;

    private readonly ILogger _logger = logger;

    /// <summary>Something that left here has been given up, or waits for the operator. What was not for a hybrid domain is ignored.</summary>
    /// <exception cref="StorageUnavailableException">It could not be told now.</exception>
    public async Task TellAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken)
    {
        if (entry.Transport != EmailBridge.BridgeName || domains.LegacyServerOf(entry.Recipient.Domain) is null) return;
        if (!SignedEnvelope.TryParse(entry.Envelope, out var signed, out _) || !Address.TryParse(signed.Envelope.From, out var author)) return;
        var message = signed.Envelope;
        // Of a receipt or a deletion that went nowhere, nobody wants to read; and notices about notices would never end.
        if (message.Type is EnvelopeType.Receipt or EnvelopeType.Delete || MessageNotice.Is(message)) return;
        if (await intake.LookUpAsync(author, cancellationToken) != RecipientKind.Remote || await HasArrivedAsync(entry, cancellationToken)) return;

        var action = outcome.Parked ? DsnAction.Delayed : DsnAction.Failed;
        var postmaster = Address.Parse($"postmaster@{entry.Recipient.Domain}");
        var notice = MessageNotice.Write(postmaster, author, entry.Recipient, entry.MessageId, message.ConversationId, action, outcome.Error ?? "refused", time.GetUtcNow());
        var told = new BridgeRecord(EmailBridge.BridgeName, null, $"hybrid/{(outcome.Parked ? "parked" : "told")}/{entry.MessageId}", [], Unique: true);
        var result = await dispatch.SendAsync(notice with { Body = notice.Body + Quote(message) }, [told], cancellationToken);
        if (result.Kind == IntakeKind.Unavailable) throw new StorageUnavailableException("That a message could not be delivered cannot be told now.");
        if (result.Kind is not (IntakeKind.Accepted or IntakeKind.Duplicate)) LogUntold(entry.MessageId, author, result.Error);
    }

    // A copy for the legacy server (Deliver: both): the message is in an inbox here.
    private async Task<bool> HasArrivedAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        if (await mailboxes.FindAsync(entry.Recipient, entry.MessageId, cancellationToken) is { Direction: Direction.In }) return true;
        bool hasInbox = await intake.LookUpAsync(entry.Recipient, cancellationToken) == RecipientKind.Local;
        return await router.FindAsync(entry.Recipient, hasInbox, cancellationToken) == (AddressWays.Here | AddressWays.Legacy);
    }

    private static string Quote(Envelope message)
    {
        // What is no text reads badly in quotes; its subject will do.
        string body = message is { ContentType: "text" or "markdown", Body: { } text } ? text[..Math.Min(text.Length, LongestQuote)] : "";
        string quoted = string.Join('\n', $"{message.Subject}\n{body}".Trim().ReplaceLineEndings("\n").Split('\n').Select(static line => $"> {line}"));
        return quoted.Length > 2 ? $"\n{quoted}\n" : "";
    }

    [LoggerMessage(LogLevel.Warning, "That message {Id} could not be delivered cannot be told to {Author}: {Problem}")]
    private partial void LogUntold(string id, Address author, string? problem);
}
