using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>One mail as it arrives: spooled, then delivered.</summary>
internal sealed class InboundMail(SmtpTransaction transaction, MessageSpool spool, MailDelivery delivery) : IMessageSink
{
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => spool.WriteAsync(piece, cancellationToken);

    public async ValueTask<SmtpReply> CommitAsync(CancellationToken cancellationToken) => await delivery.DeliverAsync(transaction, spool, cancellationToken);

    public ValueTask DisposeAsync() => spool.DisposeAsync();
}
