using Smxp.Bridge.Email.Inbound;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Bridge.Email.Submission;

/// <summary>One mail as a mail program hands it in: spooled, then sent.</summary>
internal sealed class IncomingSubmission(SmtpTransaction transaction, MessageSpool spool, SubmissionDesk desk) : IMessageSink
{
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => spool.WriteAsync(piece, cancellationToken);

    public async ValueTask<SmtpReply> CommitAsync(CancellationToken cancellationToken) => await desk.AcceptAsync(transaction, spool, cancellationToken);

    public ValueTask DisposeAsync() => spool.DisposeAsync();
}
