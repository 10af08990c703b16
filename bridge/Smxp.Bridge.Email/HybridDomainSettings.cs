using Smxp.Bridge.Email.Outbound;
using Smxp.Protocol;

namespace Smxp.Bridge.Email;

/// <summary>One entry of section <c>HybridDomains</c>: a domain of this server of which some mailboxes are still on another mail server.</summary>
public sealed class HybridDomainSettings
{
    /// <summary>That server, <c>smtp://old.example.com:25</c> or <c>smtps://user:password@old.example.com</c>. Configuration names it, so it may be in a private network.</summary>
    public string LegacyServer { get; set; } = "";

    internal static IEnumerable<(string Path, string Problem)> Validate(IReadOnlyDictionary<string, HybridDomainSettings> domains)
    {
        foreach (var (name, domain) in domains)
        {
            if (!DomainName.TryNormalize(name, out string? normal) || normal != name) yield return ($"HybridDomains:{name}", "is not a domain name in lower case and A-labels, such as example.com");
            if (!SmartHost.TryParse(domain.LegacyServer, out _)) yield return ($"HybridDomains:{name}:LegacyServer", "is not a URL such as smtp://old.example.com:25 or smtps://user:password@host");
        }
    }
}
