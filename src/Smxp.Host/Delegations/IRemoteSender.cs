using Smxp.Host.Mail;

namespace Smxp.Host.Delegations;

/// <summary>Sends in the name of an owner whose domain is served elsewhere: asks the owner's server by <c>delegate-send</c> (SMXP §6).</summary>
internal interface IRemoteSender
{
    /// <summary>
    /// Asks the server of <see cref="Submission.From"/> to send; <see cref="Submission.OnBehalfOf"/> is the delegate, a local address.
    /// Whether the delegate may is the owner's server's to say. What it refuses, and that it cannot be reached, is the outcome's rejection.
    /// </summary>
    Task<SendOutcome> SendAsync(Submission submission, CancellationToken cancellationToken);
}
