using System.ComponentModel.DataAnnotations;
using Smxp.Protocol;

namespace Smxp.Bridge.Email;

/// <summary>Section <c>Puppets</c>: who may write to people on email through <see cref="EmailSettings.PuppetDomain"/>. Whoever is not named may not: a puppet domain is no open relay.</summary>
public sealed class PuppetSettings
{
    /// <summary>Domains (<c>other.test</c>) and addresses (<c>friend@third.test</c>) on other SMXP servers.</summary>
    public string[]? AllowFrom { get; set; }

    /// <summary>Whether people who are signed in here may write to puppets too. Their mail leaves from their own addresses.</summary>
    public bool AllowLocal { get; set; } = true;

    /// <summary>How many messages one sender may write in an hour.</summary>
    [Range(1, 1000000)]
    public int MessagesPerHour { get; set; } = 60;

    internal IEnumerable<(string Path, string Problem)> Validate(string? domain, IReadOnlyDictionary<string, HybridDomainSettings> hybrid)
    {
        if (domain is not null && (!DomainName.TryNormalize(domain, out string? normal) || normal != domain)) yield return ("PuppetDomain", "is not a domain name in lower case and A-labels, such as gw.example.com");
        if (domain is not null && hybrid.ContainsKey(domain)) yield return ("PuppetDomain", "is a hybrid domain too; its mailboxes would be taken for puppets. Take a domain of its own");
        if (domain is null && AllowFrom is { Length: > 0 }) yield return ("Puppets:AllowFrom", "needs PuppetDomain");
        foreach (var (entry, index) in (AllowFrom ?? []).Select(static (entry, index) => (entry, index)))
        {
            bool isDomain = DomainName.TryNormalize(entry, out string? name) && name == entry;
            bool isAddress = Address.TryParse(entry, out var address) && address.ToString() == entry;
            if (!isDomain && !isAddress) yield return ($"Puppets:AllowFrom:{index}", $"'{entry}' is neither a domain nor an address, in lower case and A-labels");
        }
    }
}
