using Smxp.Mail.Authentication;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Smtp.Replies;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Inbound.Trust;

/// <summary>What a mail's origin comes to.</summary>
/// <param name="Refusal">What its sender is told where it is not taken; null where it is.</param>
/// <param name="Results">The Authentication-Results line for its trace; empty where nobody looked.</param>
/// <param name="Summary">The same for the row; null where nobody looked.</param>
/// <param name="Verified">Whether its author's domain vouches for it (email mapping §1).</param>
internal sealed record TrustFinding(SmtpReply? Refusal, string Results, AuthenticationSummary? Summary, bool Verified)
{
    // Which result of several signatures says most.
    private static readonly DkimResult[] Best = [DkimResult.TempError, DkimResult.Policy, DkimResult.Neutral, DkimResult.Fail, DkimResult.PermError];

    /// <summary>Nothing was asked.</summary>
    public static TrustFinding Unasked { get; } = new(null, "", null, Verified: false);

    /// <summary>The short form of what was found.</summary>
    public static AuthenticationSummary Summarize(MailAuthentication found, string policy) =>
        new(Word(found.Spf.Result), DkimOf(found.Dkim), Word(found.Dmarc.Result), Word(found.Arc.Result), policy);

    private static string DkimOf(IReadOnlyList<DkimVerdict> signatures)
    {
        if (signatures.Count == 0) return "none";
        if (signatures.Any(static signature => signature.Vouches)) return "pass";
        // One that passes and leaves part of the body open vouches for nothing.
        return Word(Best.FirstOrDefault(result => signatures.Any(signature => signature.Result == result), DkimResult.Policy));
    }

    private static string Word<T>(T result)
        where T : struct, Enum => result.ToString().ToLowerInvariant();
}
