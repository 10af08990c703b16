using Smxp.Bridge.Email.Ledger;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>One mail as it arrives: spooled, then delivered.</summary>
internal sealed class InboundMail(SmtpTransaction transaction, MessageSpool spool, MailDelivery delivery, InboundLedger ledger) : IMessageSink
{
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => spool.WriteAsync(piece, cancellationToken);

    public async ValueTask<SmtpReply> CommitAsync(CancellationToken cancellationToken)
    {
        var reply = await delivery.DeliverAsync(transaction, spool, cancellationToken);
        await ledger.RefusedAsync(transaction, spool, reply, cancellationToken);
        return reply;
    }

    public ValueTask DisposeAsync() => spool.DisposeAsync();
}
