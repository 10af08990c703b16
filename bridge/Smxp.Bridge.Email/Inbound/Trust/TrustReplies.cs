using Smxp.Mail.Authentication;
using Smxp.Mail.Authentication.Dmarc;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Bridge.Email.Inbound.Trust;

/// <summary>What a sender is told whose mail is not believed. It names the domain, what it asks for, and what was found, so that whoever runs it can mend it.</summary>
internal static class TrustReplies
{
    public static SmtpReply Refused(MailAuthentication found)
    {
        var (spf, dmarc) = (found.Spf, found.Dmarc);
        string sender = spf.Domain.Length > 0 ? $"SPF {Word(spf.Result)} for {spf.Domain}" : $"SPF {Word(spf.Result)}";
        string signatures = found.Dkim.Count == 0 ? "no DKIM signature" : string.Join(", ", found.Dkim.Take(3).Select(static signature => $"DKIM {Word(signature.Result)} for {signature.Domain}"));
        // RFC 7489 §10.3 asks for a text that says it was DMARC.
        return new SmtpReply(550, "5.7.1", $"Refused by the DMARC policy of {dmarc.PolicyDomain ?? dmarc.Domain} (p={Word(dmarc.Policy ?? DmarcPolicy.None)}): {dmarc.Reason}; {sender}, {signatures}");
    }

    public static SmtpReply NoAnswer(DmarcVerdict dmarc) => new(451, "4.7.1", $"Whether {dmarc.Domain} vouches for this mail cannot be found out now ({dmarc.Reason}), try again later");

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
