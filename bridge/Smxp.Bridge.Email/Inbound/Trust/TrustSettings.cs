using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Smxp.Bridge.Email.Inbound.Trust;

/// <summary>Section <c>Trust</c>: whether mail from outside is from whom it says, and what is done where it is not.</summary>
public sealed class TrustSettings
{
    internal static readonly string[] DefaultSkipFor = ["127.0.0.0/8", "::1/128"];

    /// <summary>Whether SPF, DKIM, DMARC and ARC are evaluated. Without it every mail is taken as it comes, none is verified.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary><c>dmarc-reject</c> refuses mail that its author's domain asks to refuse (DMARC, <c>p=reject</c>); <c>none</c> treats it as what is to be quarantined.</summary>
    public string RejectOn { get; set; } = TrustRules.DmarcReject;

    /// <summary>What becomes of mail that its author's domain asks to quarantine: <c>flag</c> delivers it with <c>policy: quarantine</c>, <c>reject</c> refuses it, <c>none</c> delivers it as any mail.</summary>
    public string Quarantine { get; set; } = TrustRules.Flag;

    /// <summary>Where DNS does not answer: <c>accept</c> delivers it unverified, <c>defer</c> has the sender try again later.</summary>
    public string OnTemporaryError { get; set; } = TrustRules.Accept;

    /// <summary>Rules for mail of certain authors' domains and what lies below them, by domain; what is not set is as above.</summary>
    public Dictionary<string, TrustRules> Domains { get; set; } = [];

    /// <summary>Forwarders and lists whose ARC seals are believed: mail that they saw pass is not treated by its author's policy.</summary>
    public string[] TrustedSealers { get; set; } = [];

    /// <summary>Networks whose mail is not asked about, e.g. a filter in front; this machine where nothing is said.</summary>
    public string[]? SkipFor { get; set; }

    /// <summary>Where a newer Public Suffix List is fetched from, when an operator asks for one.</summary>
    public Uri PublicSuffixList { get; set; } = new("https://publicsuffix.org/list/public_suffix_list.dat");

    /// <summary>How long all look-ups for one mail may take together, in seconds.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 10;

    internal IEnumerable<(string Path, string Problem)> Validate()
    {
        for (int i = 0; i < SkipFor?.Length; i++)
        {
            if (!IPNetwork.TryParse(SkipFor[i], out _)) yield return ($"SkipFor:{i}", $"'{SkipFor[i]}' is not a network such as 192.0.2.0/24");
        }

        if (PublicSuffixList.Scheme is not ("http" or "https")) yield return ("PublicSuffixList", "is not an http or https URL");
        foreach (var problem in TrustRules.Check(RejectOn, Quarantine, OnTemporaryError)) yield return problem;
        foreach (var (domain, rules) in Domains)
        {
            foreach (var (path, problem) in TrustRules.Check(rules.RejectOn, rules.Quarantine, rules.OnTemporaryError)) yield return ($"Domains:{domain}:{path}", problem);
        }
    }
}

/// <summary>What is done with mail of one author's domain; null is what holds for all.</summary>
public sealed class TrustRules
{
    internal const string DmarcReject = "dmarc-reject";
    internal const string None = "none";
    internal const string Flag = "flag";
    internal const string Reject = "reject";
    internal const string Accept = "accept";
    internal const string Defer = "defer";

    /// <summary>See <see cref="TrustSettings.RejectOn"/>.</summary>
    public string? RejectOn { get; set; }

    /// <summary>See <see cref="TrustSettings.Quarantine"/>.</summary>
    public string? Quarantine { get; set; }

    /// <summary>See <see cref="TrustSettings.OnTemporaryError"/>.</summary>
    public string? OnTemporaryError { get; set; }

    internal static IEnumerable<(string Path, string Problem)> Check(string? rejectOn, string? quarantine, string? onTemporaryError)
    {
        if (rejectOn is not (null or DmarcReject or None)) yield return ("RejectOn", $"'{rejectOn}' is neither {DmarcReject} nor {None}");
        if (quarantine is not (null or Flag or Reject or None)) yield return ("Quarantine", $"'{quarantine}' is none of {Flag}, {Reject}, {None}");
        if (onTemporaryError is not (null or Accept or Defer)) yield return ("OnTemporaryError", $"'{onTemporaryError}' is neither {Accept} nor {Defer}");
    }
}
