using System.Globalization;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Replies;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Inbound.Policy;

/// <summary>Who may bring mail at all: <see cref="BlockLists"/> says who may not, <see cref="Greylist"/> who has to come again. Asked at RCPT, before anything is transferred.</summary>
internal sealed class ClientPolicy(Networks exempt, BlockLists blockLists, Greylist greylist)
{
    /// <summary>Why a mail is not taken from this client for this recipient; null where it is.</summary>
    public async ValueTask<SmtpReply?> RefuseAsync(SmtpTransaction transaction, Address recipient, CancellationToken cancellationToken)
    {
        // RFC 5321 §4.5.1: whoever is refused may ask the postmaster why.
        if (transaction.Identity is not null || exempt.Contain(transaction.Client) || recipient.Local.Equals("postmaster", StringComparison.OrdinalIgnoreCase)) return null;
        foreach (var listing in await blockLists.AskAsync(transaction, cancellationToken))
        {
            if (listing.Refuses) return new SmtpReply(550, "5.7.1", listing.ToString());
        }

        return await greylist.DelayAsync(transaction, recipient, cancellationToken) is { } delay
            ? new SmtpReply(451, "4.7.1", string.Create(CultureInfo.InvariantCulture, $"Greylisted, please come again in {Math.Ceiling(delay.TotalSeconds)} seconds"))
            : null;
    }
}
