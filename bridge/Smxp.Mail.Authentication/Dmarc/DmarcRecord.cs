using System.Globalization;
using Smxp.Mail.Authentication.Dkim;

namespace Smxp.Mail.Authentication.Dmarc;

/// <summary>A published policy (RFC 7489 §6.3). Pure.</summary>
/// <param name="Policy">p=.</param>
/// <param name="SubdomainPolicy">sp=, otherwise p=.</param>
/// <param name="StrictDkim">adkim=s.</param>
/// <param name="StrictSpf">aspf=s.</param>
/// <param name="Percent">pct=.</param>
internal sealed record DmarcRecord(DmarcPolicy Policy, DmarcPolicy SubdomainPolicy, bool StrictDkim, bool StrictSpf, int Percent)
{
    /// <summary>Whether a TXT record is a DMARC record, well-formed or not (RFC 7489 §6.6.3 step 2): the version stands first, in just these letters.</summary>
    public static bool IsVersion1(string text)
    {
        if (!text.StartsWith('v')) return false;
        string version = text[1..].TrimStart(' ', '\t');
        if (!version.StartsWith('=')) return false;
        version = version[1..].TrimStart(' ', '\t');
        return version.StartsWith("DMARC1", StringComparison.Ordinal) && version[6..].TrimStart(' ', '\t') is "" or [';', ..];
    }

    /// <summary>Reads a record. Null where it has no policy; errors in other tags give their defaults (RFC 7489 §6.3, §6.6.3 step 6).</summary>
    public static DmarcRecord? TryParse(string text)
    {
        if (!IsVersion1(text) || !TagList.TryParse(text, out var tags)) return null;
        var policy = Policies(tags["p"]);
        var subdomains = Policies(tags["sp"]);
        if (policy is null || (tags["sp"] is not null && subdomains is null))
        {
            // With an address for reports it stands for "p=none".
            if (tags["rua"]?.Contains("mailto:", StringComparison.OrdinalIgnoreCase) != true) return null;
            (policy, subdomains) = (DmarcPolicy.None, null);
        }

        return new DmarcRecord(policy.Value, subdomains ?? policy.Value, IsStrict(tags["adkim"]), IsStrict(tags["aspf"]),
            int.TryParse(tags["pct"], NumberStyles.None, CultureInfo.InvariantCulture, out int percent) && percent <= 100 ? percent : 100);
    }

    private static DmarcPolicy? Policies(string? text) => text?.ToLowerInvariant() switch
    {
        "none" => DmarcPolicy.None,
        "quarantine" => DmarcPolicy.Quarantine,
        "reject" => DmarcPolicy.Reject,
        _ => null,
    };

    private static bool IsStrict(string? text) => "s".Equals(text, StringComparison.OrdinalIgnoreCase);
}
