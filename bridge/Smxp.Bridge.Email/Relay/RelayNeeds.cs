using System.Text;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Outbound;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Paths;

namespace Smxp.Bridge.Email.Relay;

/// <summary>What a mail that is passed on as it came needs of the next server. What it holds counts, not what its sender announced; what its octets need is looked at again when it leaves.</summary>
internal static class RelayNeeds
{
    public static async Task<MailNeeds> OfAsync(SmtpTransaction transaction, MessageSpool mail, MailPath recipient, MailPath returnPath, CancellationToken cancellationToken)
    {
        var needs = await IsSevenBitAsync(mail, cancellationToken) ? MailNeeds.None : MailNeeds.EightBit;
        // RFC 6531 §3.6: a mail in which nothing is beyond ASCII may go on without it.
        bool addresses = !Ascii.IsValid(recipient.ToString()) || !Ascii.IsValid(returnPath.ToString());
        if (addresses || (transaction.International && needs != MailNeeds.None)) needs |= MailNeeds.Utf8;
        if (transaction.RequireTls) needs |= MailNeeds.VerifiedTls;
        return needs;
    }

    private static async Task<bool> IsSevenBitAsync(MessageSpool mail, CancellationToken cancellationToken)
    {
        if (mail.TryGetMemory(out var bytes)) return Ascii.IsValid(bytes.Span);
        await using var stream = mail.OpenRead();
        byte[] buffer = new byte[65536];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (!Ascii.IsValid(buffer.AsSpan(0, read))) return false;
        }

        return true;
    }
}
