using System.Runtime.CompilerServices;
using Smxp.Mail.Authentication;
using Smxp.Mail.Authentication.Spf;
using Smxp.Mail.Smtp;

namespace Smxp.Bridge.Email.Inbound.Trust;

/// <summary>Whether a client may send for its return path (SPF), found out before the mail is there, once for each.</summary>
internal sealed class SenderCheck(MailAuthenticator authenticator)
{
    private readonly ConditionalWeakTable<SmtpTransaction, Task<SpfVerdict>> _asked = [];

    public async ValueTask<bool> PassesAsync(SmtpTransaction transaction, CancellationToken cancellationToken) =>
        (await _asked.GetValue(transaction, _ => authenticator.CheckSenderAsync(Networks.Plain(transaction.Client), transaction.ClientName, MailTrust.ReturnPath(transaction), cancellationToken))).Result == SpfResult.Pass;
}
