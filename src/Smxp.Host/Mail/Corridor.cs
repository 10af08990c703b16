using Smxp.Host.Errors;
using Smxp.Host.Mail.Intake;
using Smxp.Host.Mail.Sending;
using Smxp.Protocol;

namespace Smxp.Host.Mail;

/// <summary>Where the doors meet. Every message, whoever brings it, is routed, committed in one durable transaction and published here, and in no other place.</summary>
internal sealed class Corridor(Sender sender, Receiver receiver, TimeProvider time) : ICorridor
{
    public Task<SendOutcome> SendAsync(Submission submission, CancellationToken cancellationToken) => sender.SendAsync(submission, cancellationToken);

    public async Task<ReceiveOutcome> ReceiveAsync(SignedEnvelope envelope, CancellationToken cancellationToken) =>
        envelope.Envelope.Expires < time.GetUtcNow().ToUnixTimeSeconds()
            ? ReceiveOutcome.Refused(Rejection.Expired, envelope.Envelope)
            : await receiver.ReceiveAsync(new Incoming(envelope, "smxp", Verified: true, []), cancellationToken);
}
