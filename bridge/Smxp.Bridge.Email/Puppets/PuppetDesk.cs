using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Mapping;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>Mail for puppets of people on SMXP, at the SMTP server's door: whom to take it from (at RCPT), and which of a mail's recipients are puppets.</summary>
internal sealed class PuppetDesk(PuppetDomain domain, PuppetRecords records, string hostName)
{
    /// <summary>What RCPT is answered for a puppet; null for every other address.</summary>
    public async ValueTask<SmtpReply?> JudgeAsync(SmtpTransaction transaction, Address recipient, CancellationToken cancellationToken)
    {
        if (domain.Behind(recipient) is not { } person) return null;
        if (await domain.IsOursAsync(person, cancellationToken) || PuppetDomain.IsPuppet(person)) return PuppetReplies.Unknown;
        if (transaction.Identity is not null) return PuppetReplies.NotForOurs;
        // A notification: to whoever may have written something that it speaks of.
        if (transaction.Sender.IsNull) return domain.Allows(person) || await records.IsKnownAsync(person, cancellationToken) ? SmtpReply.RecipientOk : PuppetReplies.Unknown;
        if (AddressOf(transaction.Sender) is not { } sender || await domain.IsOursAsync(sender, cancellationToken)) return PuppetReplies.NotForOurs;
        return await MayWriteAsync(new PuppetPair(person, sender), cancellationToken) ? SmtpReply.RecipientOk : PuppetReplies.Unknown;
    }

    /// <summary>Those of a mail's recipients who are puppets.</summary>
    public IReadOnlyList<PuppetRecipient> Among(SmtpTransaction transaction)
    {
        List<PuppetRecipient> found = [];
        foreach (var recipient in transaction.Recipients)
        {
            if (AddressOf(recipient.Path) is { } address && domain.Behind(address) is { } person && found.TrueForAll(one => one.Puppet != address)) found.Add(new PuppetRecipient(recipient, address, person));
        }

        return found;
    }

    /// <summary>Whether somebody on email may write to somebody on SMXP: who is named in configuration takes mail from everybody, others from those they have written to.</summary>
    public async ValueTask<bool> MayWriteAsync(PuppetPair pair, CancellationToken cancellationToken) =>
        domain.Allows(pair.Person) || await records.AreAcquaintedAsync(pair, cancellationToken);

    private Address? AddressOf(MailPath path) => EnvelopeAddress.From(path, hostName);
}
