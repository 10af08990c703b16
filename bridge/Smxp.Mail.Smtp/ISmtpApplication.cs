using System.Net;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Mail.Smtp;

/// <summary>What a server does with mail. Called from many sessions at once; within one session, never twice at a time. An exception is answered with 451 (454 for AUTH) and logged.</summary>
public interface ISmtpApplication
{
    /// <summary>AUTH on a submission listener: who somebody is that gives this name and password; null where they are wrong. The identity is in the transactions that follow.</summary>
    ValueTask<string?> AuthenticateAsync(string user, string secret, IPAddress client, CancellationToken cancellationToken) => new((string?)null);

    /// <summary>MAIL: whether mail from this sender is taken. <see cref="SmtpReply.SenderOk"/>, or a refusal.</summary>
    ValueTask<SmtpReply> AcceptSenderAsync(SmtpTransaction transaction, CancellationToken cancellationToken);

    /// <summary>RCPT: whether this recipient is served. <see cref="SmtpReply.RecipientOk"/>, or a refusal.</summary>
    ValueTask<SmtpReply> AcceptRecipientAsync(SmtpTransaction transaction, MailPath recipient, CancellationToken cancellationToken);

    /// <summary>DATA, or the first BDAT: where the mail goes. Called once at least one recipient was accepted.</summary>
    ValueTask<IMessageSink> OpenMessageAsync(SmtpTransaction transaction, CancellationToken cancellationToken);
}

/// <summary>Takes one mail as it arrives. Disposed in every case; without a commit, nothing was accepted.</summary>
public interface IMessageSink : IAsyncDisposable
{
    /// <summary>
    /// Takes the next piece: dots unstuffed, lines ending in CRLF (but for <see cref="BodyType.BinaryMime"/>, whose octets are as they are).
    /// The memory is the session's again when the task completes.
    /// </summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    /// <summary>The mail is whole. A 250 answer takes responsibility for it (RFC 5321 §4.2.5): it is on stable storage for every accepted recipient.</summary>
    ValueTask<SmtpReply> CommitAsync(CancellationToken cancellationToken);
}
