using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Host.Mail.Routing;
using Smxp.Host.Mail.Sending;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Intake;

/// <summary>The bridges' door: what they bring in is attested by the recipient's own domain (E-mail mapping §1), then takes the same way as everything else.</summary>
internal sealed partial class MessageIntake(LocalDirectory directory, LocalRouter router, EnvelopeSigner signer, Receiver receiver, SmxpOptions options, ILogger<MessageIntake> logger) : IMessageIntake
{
    public async ValueTask<RecipientKind> LookUpAsync(Address recipient, CancellationToken cancellationToken)
    {
        if (!await directory.IsLocalAsync(recipient.Domain, cancellationToken)) return RecipientKind.Remote;
        return await router.PlanAsync(recipient, cancellationToken) is null ? RecipientKind.Unknown : RecipientKind.Local;
    }

    public async Task<IntakeResult> AcceptAsync(InboundMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await AcceptCoreAsync(message, cancellationToken);
        }
        catch (Exception outage) when (outage is not OperationCanceledException)
        {
            LogOutage(outage, message.Transport);
            return new IntakeResult(IntakeKind.Unavailable, null, "temporarily unavailable, try again later");
        }
    }

    private async Task<IntakeResult> AcceptCoreAsync(InboundMessage message, CancellationToken cancellationToken)
    {
        if (!Address.TryParse(message.Envelope.To, out Address? recipient) || !await directory.IsLocalAsync(recipient.Domain, cancellationToken))
            return new IntakeResult(IntakeKind.UnknownRecipient, null, Rejection.DomainNotHere.Error);

        SignedEnvelope signed = await signer.SignAsync(message.Envelope, recipient.Domain, options.Signatures.Local, cancellationToken);
        if (signed.Utf8.Length > options.Federation.MaxEnvelopeBytes) return new IntakeResult(IntakeKind.Rejected, null, Rejection.TooLarge.Error);
        // Strangers wrote what the bridge mapped: what could not be read back is not stored.
        if (!SignedEnvelope.TryParse(signed.Utf8, out _, out string? wrong)) return new IntakeResult(IntakeKind.Rejected, null, wrong);

        string id = signed.Envelope.Id;
        BridgeRecord[] records = [.. message.BridgeRecords.Select(record => record with { Key = record.Key.Replace("{id}", id, StringComparison.Ordinal) })];
        var incoming = new Incoming(signed, message.Transport, message.Verified, records) { Authentication = message.Authentication, Participants = message.Participants };
        ReceiveOutcome outcome = await receiver.ReceiveAsync(incoming, cancellationToken);
        return outcome.Rejection switch
        {
            null => new IntakeResult(IntakeKind.Accepted, id),
            { Status: StatusCodes.Status409Conflict } => new IntakeResult(IntakeKind.Duplicate, id),
            { Status: StatusCodes.Status404NotFound } missing => new IntakeResult(IntakeKind.UnknownRecipient, null, missing.Error),
            { } refused => new IntakeResult(IntakeKind.Rejected, null, refused.Error),
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A message that came by {Transport} could not be stored")]
    private partial void LogOutage(Exception outage, string transport);
}
