using System.Collections.Frozen;
using Smxp.Bridge.Email.Outbound;

namespace Smxp.Bridge.Email.Routing;

/// <summary>
/// The hybrid domains (email mapping §2): domains of this server of which some mailboxes are on SMXP, and the others still on a legacy server. This folder says, for each address of
/// one, which it is (<see cref="AddressRouter"/>), and asks the legacy server whether it knows those that are not here (<see cref="CallForward"/>).
/// </summary>
internal sealed class HybridDomains(IReadOnlyDictionary<string, HybridDomainSettings> settings)
{
    private readonly FrozenDictionary<string, SmartHost> _servers = settings.ToFrozenDictionary(
        static pair => pair.Key,
        static pair => SmartHost.TryParse(pair.Value.LegacyServer, out var server) ? server : throw new ArgumentException($"The legacy server of {pair.Key} is no URL."),
        StringComparer.Ordinal);

    public static HybridDomains None { get; } = new(new Dictionary<string, HybridDomainSettings>());

    public IEnumerable<string> Names => _servers.Keys.Order(StringComparer.Ordinal);

    public bool IsEmpty => _servers.Count == 0;

    /// <summary>Where mailboxes of a domain are that are not here; null where the domain is not hybrid.</summary>
    public SmartHost? LegacyServerOf(string domain) => _servers.GetValueOrDefault(domain);
}
