using Smxp.Host.Configuration;
using Smxp.Host.Delegations;
using Smxp.Host.Errors;
using Smxp.Host.Mail.Routing;
using Smxp.Host.Mail.Sending;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Intake;

/// <summary>The bridges' door: what they bring in is attested by the recipient's own domain (E-mail mapping §1), then takes the same way as everything else.</summary>
internal sealed partial class MessageIntake(LocalDirectory directory, LocalRouter router, EnvelopeSigner signer, Receiver receiver, Sender sender, DelegationPolicy delegations, SmxpOptions options, ILogger<MessageIntake> logger)
    : IMessageIntake
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

    public async Task<IntakeResult> SubmitAsync(MailSubmission mail, CancellationToken cancellationToken)
    {
        try
        {
            if (!await directory.IsLocalAsync(mail.Author.Domain, cancellationToken)) return new IntakeResult(IntakeKind.Rejected, null, $"{mail.Author} is not of a domain served here");
            if (!await delegations.AllowsAsync(mail.Author, mail.Sender, DelegationScope.Send, cancellationToken)) return new IntakeResult(IntakeKind.Rejected, null, $"no delegation to send for {mail.Author}");
            SendOutcome outcome = await sender.SendAsync(SubmissionOf(mail), cancellationToken);
            return Judge(outcome.Rejection, outcome.Results is [var first, ..] ? first.Id : null);
        }
        catch (Exception outage) when (outage is not OperationCanceledException)
        {
            LogUnsent(outage, mail.Author);
            return new IntakeResult(IntakeKind.Unavailable, null, Rejection.Unavailable.Error);
        }
    }

    private static Submission SubmissionOf(MailSubmission mail) => new()
    {
        From = mail.Author,
        OnBehalfOf = mail.Sender == mail.Author ? null : mail.Sender,
        To = [.. mail.Recipients.Select(static recipient => recipient.Address)],
        ContentType = mail.ContentType,
        Name = mail.Name,
        Subject = mail.Subject,
        Body = mail.Body,
        InReplyTo = mail.InReplyTo,
        Expires = mail.Expires,
        ConversationId = mail.ConversationId,
        Attachments = [.. mail.Attachments.Select(static file => new SubmittedAttachment(file.BlobId, file.Name, file.ContentType, file.Disposition, file.Encryption, file.Thumbnail))],
        Records = mail.Recipients.ToDictionary(static recipient => recipient.Address, static recipient => recipient.BridgeRecords),
        IsAwaited = false,
    };

    private static IntakeResult Judge(Rejection? rejection, string? id) => rejection switch
    {
        null => new IntakeResult(IntakeKind.Accepted, id),
        { Status: StatusCodes.Status409Conflict } => new IntakeResult(IntakeKind.Duplicate, id),
        { Status: StatusCodes.Status404NotFound } missing => new IntakeResult(IntakeKind.UnknownRecipient, null, missing.Error),
        { Status: StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable } later => new IntakeResult(IntakeKind.Unavailable, null, later.Error),
        { } refused => new IntakeResult(IntakeKind.Rejected, null, refused.Error),
    };

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

    [LoggerMessage(Level = LogLevel.Error, Message = "What {Author} handed in could not be sent")]
    private partial void LogUnsent(Exception outage, Address author);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message that came by {Transport} could not be stored")]
    private partial void LogOutage(Exception outage, string transport);
}
