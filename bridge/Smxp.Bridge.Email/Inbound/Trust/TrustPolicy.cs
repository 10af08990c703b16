using Smxp.Mail.Authentication;
using Smxp.Mail.Authentication.Dmarc;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Bridge.Email.Inbound.Trust;

/// <summary>What to do with a mail, given what was found out about it: what its author's domain asks for (RFC 7489 §6.7), as far as the operator goes along. Pure.</summary>
internal sealed class TrustPolicy(TrustSettings settings)
{
    /// <summary>A refusal, or how to treat the mail: <c>none</c> or <c>quarantine</c>.</summary>
    public (SmtpReply? Refusal, string Treatment) Decide(MailAuthentication found)
    {
        var dmarc = found.Dmarc;
        var rules = RulesFor(dmarc.Domain);
        // RFC 7489 §6.6.3 leaves it to us; without an answer we would rather deliver unverified than lose time with every mail of a domain whose name servers are ill.
        if (dmarc.Result == DmarcResult.TempError && (rules?.OnTemporaryError ?? settings.OnTemporaryError) == TrustRules.Defer) return (TrustReplies.NoAnswer(dmarc), TrustRules.None);
        if (dmarc.Disposition == DmarcPolicy.None) return (null, TrustRules.None);
        if (dmarc.Disposition == DmarcPolicy.Reject && (rules?.RejectOn ?? settings.RejectOn) == TrustRules.DmarcReject) return (TrustReplies.Refused(found), TrustRules.None);
        return (rules?.Quarantine ?? settings.Quarantine) switch
        {
            TrustRules.Reject => (TrustReplies.Refused(found), TrustRules.None),
            TrustRules.Flag => (null, "quarantine"),
            _ => (null, TrustRules.None),
        };
    }

    // The author's domain, else the nearest above it.
    private TrustRules? RulesFor(string domain)
    {
        if (settings.Domains.Count == 0) return null;
        for (string name = domain; ; name = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (settings.Domains.TryGetValue(name, out var rules)) return rules;
            if (!name.Contains('.', StringComparison.Ordinal)) return null;
        }
    }
}
