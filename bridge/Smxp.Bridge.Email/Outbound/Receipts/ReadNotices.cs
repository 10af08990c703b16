using MimeKit;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound.Receipts;

/// <summary>
/// A receipt on its way to somebody on email. Nothing leaves for it, except to an author who asked: each such mail of the conversation is answered once, by a
/// disposition notification (RFC 8098). Receipts come from an explicit acknowledgement alone, never by themselves.
/// </summary>
internal sealed class ReadNotices(IMailboxes mailboxes, ReceiptRequests requests, MailSigner signer, SmtpSender sender, string hostName, string spoolDirectory)
{
    // An acknowledgement speaks of the whole conversation; further back than this nobody waits for an answer.
    private const int MostLookedThrough = 100;

    public async Task<HandOver> SendAsync(MailRoute route, Envelope receipt, CancellationToken cancellationToken)
    {
        if (!Address.TryParse(receipt.From, out var reader)) return new HandOver(HandOverKind.Accepted);
        var query = new MailboxQuery { Mailbox = reader, ConversationId = receipt.ConversationId, Direction = Direction.In, Limit = MostLookedThrough };
        foreach (var entry in (await mailboxes.QueryAsync(query, cancellationToken)).Entries)
        {
            if (entry.Envelope?.Envelope.From != receipt.To || entry.Envelope.Envelope.Timestamp > receipt.Timestamp) continue;
            if (await requests.FindAsync(reader, entry.Id, cancellationToken) is not { } request) continue;
            var outcome = await SendAsync(route, receipt, entry.Id, request, cancellationToken);
            if (outcome.Kind is HandOverKind.Deferred or HandOverKind.Faulted) return outcome;
            await requests.ForgetAsync(reader, entry.Id, cancellationToken);
        }

        return new HandOver(HandOverKind.Accepted);
    }

    private async Task<HandOver> SendAsync(MailRoute route, Envelope receipt, string id, ReceiptRequest request, CancellationToken cancellationToken)
    {
        MailboxAddress reader = new(null, receipt.From), author = new(null, receipt.To);
        await using var mail = new ComposedMail(ReadNoticeWriter.Write(reader, author, receipt.Timestamp, id, request, hostName), reader, author);
        await using var spool = new MessageSpool(spoolDirectory);
        var bytes = await mail.SealAsync(spool, id, cancellationToken);
        // RFC 8098 §3: nothing answers it, not even a bounce.
        var notice = bytes with { ReturnPath = "", EnvelopeId = null, Return = null, Recipients = [.. bytes.Recipients.Select(static recipient => recipient with { Notify = "NEVER" })] };
        // With a null return path, its signature is all that vouches for it.
        if (Address.TryParse(receipt.From, out var signing)) notice = await signer.SignAsync(notice, signing.Domain, cancellationToken);
        return (await sender.SendAsync(route, notice, cancellationToken))[0];
    }
}
