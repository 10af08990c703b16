using Smxp.Bridge.Email.Inbound.Policy;
using Smxp.Bridge.Email.Inbound.Trust;
using Smxp.Mail.Authentication;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>
/// Puts together what decides about mail from outside: <c>Policy/</c> about the client, before the mail is there, <c>Trust/</c> about the mail. Networks that are exempt from one are from both.
/// </summary>
/// <param name="Clients">Asked at RCPT.</param>
/// <param name="Mails">Asked when the mail is there.</param>
internal sealed record InboundTrust(ClientPolicy Clients, MailTrust Mails)
{
    public static InboundTrust Create(EmailSettings settings, IDnsResolver dns, IBridgeState state, PublicSuffixUpdates suffixes, TimeProvider time)
    {
        var exempt = new Networks(settings.Trust.SkipFor ?? TrustSettings.DefaultSkipFor);
        var authenticator = new MailAuthenticator(new ResolverMailDns(dns), MailTrust.Options(settings), time, () => suffixes.Current);
        var blockLists = new BlockLists(settings.BlockLists, dns, time);
        var greylist = new Greylist(settings.Greylist, new SenderCheck(authenticator), state, time);
        return new InboundTrust(new ClientPolicy(exempt, blockLists, greylist), new MailTrust(authenticator, blockLists, greylist, exempt, settings));
    }
}
