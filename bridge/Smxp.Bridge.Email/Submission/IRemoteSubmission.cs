using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Replies;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Submission;

/// <summary>Takes mail of somebody who signed in, for recipients that are not here. Called from many sessions at once; exceptions are answered with 451.</summary>
internal interface IRemoteSubmission
{
    /// <summary>Whether the mail may go to this address. <see cref="SmtpReply.RecipientOk"/>, or a refusal.</summary>
    ValueTask<SmtpReply> AcceptRecipientAsync(SmtpTransaction transaction, Address recipient, CancellationToken cancellationToken);

    /// <summary>Where a mail goes, its local recipients included.</summary>
    ValueTask<IMessageSink> OpenMessageAsync(SmtpTransaction transaction, CancellationToken cancellationToken);
}
