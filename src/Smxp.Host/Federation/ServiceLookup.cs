using System.Net;
using System.Security.Cryptography;
using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Host.Federation;

/// <summary>Finds a domain's endpoints in DNS: the SVCB records at <c>_smxp.&lt;domain&gt;</c>, aliases followed (SMXP §7, RFC 9460).</summary>
internal sealed class ServiceLookup(IDnsResolver dns)
{
    // RFC 9460 §2.4.2: chains of aliases are followed, but not for ever.
    private const int MostAliases = 8;
    private const int MostRecords = 16;
    private const int DefaultPort = 443;

    private static readonly TimeSpan UnknownTime = TimeSpan.FromSeconds(5);

    public async Task<(PeerEndpoints Endpoints, TimeSpan TimeToLive)> FindAsync(string domain, CancellationToken cancellationToken)
    {
        string name = ServiceBinding.NameFor(domain);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        TimeSpan timeToLive = TimeSpan.MaxValue;
        while (seen.Add(name) && seen.Count <= MostAliases)
        {
            DnsAnswer? answer = await dns.ResolveAsync(new DnsQuestion(name, DnsRecordType.Svcb), cancellationToken);
            if (answer is null) return (Unknown($"SVCB {name}: no configured resolver answers"), UnknownTime);
            if (answer.Status == DnsStatus.Failed) return (Unknown($"SVCB {name}: {answer.Error ?? "the look-up failed"}"), UnknownTime);
            timeToLive = answer.TimeToLive < timeToLive ? answer.TimeToLive : timeToLive;
            if (answer.Records.OfType<PinnedEndpointData>().FirstOrDefault() is { } pinned)
                return (new PeerEndpoints(PeerStatus.Found, [new PeerEndpoint(pinned.Endpoint, [], [])], true, $"{domain} is pinned to {pinned.Endpoint}"), timeToLive);

            ServiceBinding[] bindings = [.. answer.Records.OfType<ServiceData>().Select(data => data.Binding)];
            if (bindings.Length == 0) return (WithoutRecord(name, answer.Status, isAlias: seen.Count > 1), timeToLive);
            ServiceBinding[] aliases = [.. bindings.Where(binding => binding.Priority == 0)];
            if (aliases.Length == 0) return (FromBindings(name, bindings), timeToLive);

            // RFC 9460 §2.4.1: an alias beside service records wins; of several, any one. §2.5.1: "." says that there is no service.
            string target = aliases[RandomNumberGenerator.GetInt32(aliases.Length)].TargetName;
            if (target == ".") return (None($"SVCB {name}: the domain says that it has no service"), timeToLive);
            name = target;
        }
        return (Unknown($"SVCB {ServiceBinding.NameFor(domain)}: the aliases form a loop, or more than {MostAliases} in a row"), UnknownTime);
    }

    private static PeerEndpoints FromBindings(string owner, ServiceBinding[] bindings)
    {
        PeerEndpoint[] endpoints = [.. bindings.Where(IsUsable).Take(MostRecords).Select(binding => ToEndpoint(owner, binding)).OfType<PeerEndpoint>().OrderBy(endpoint => endpoint.Priority)];
        return endpoints.Length == 0
            ? None($"SVCB {owner}: none of {bindings.Length} records can be used")
            : new PeerEndpoints(PeerStatus.Found, endpoints, false, $"SVCB {owner}: {string.Join(", ", endpoints.Select(endpoint => endpoint.BaseAddress.Authority))}");
    }

    // RFC 9460 §3: where an alias leads to a name without SVCB records, the service is that name itself at the default port.
    private static PeerEndpoints WithoutRecord(string name, DnsStatus status, bool isAlias) =>
        isAlias && ToEndpoint(name, new ServiceBinding { Priority = 1, TargetName = name }) is { } endpoint
            ? new PeerEndpoints(PeerStatus.Found, [endpoint], false, $"alias to {name}")
            : None($"SVCB {name}: {(status == DnsStatus.NoName ? "no such name" : "no such record")}");

    // RFC 9460 §7.1.2: a record whose protocols we speak none of is of no use. HTTP/1.1 is what h2 over TLS may fall back to.
    private static bool IsUsable(ServiceBinding binding) =>
        binding.IsUsable && (binding.Alpn.Count == 0 || binding.Alpn.Any(protocol => protocol is "h2" or "http/1.1"));

    private static PeerEndpoint? ToEndpoint(string owner, ServiceBinding binding)
    {
        // RFC 9460 §2.5.2: "." is the owner name.
        string host = binding.TargetName == "." ? owner : binding.TargetName;
        return Uri.TryCreate($"https://{host}:{binding.Port ?? DefaultPort}/", UriKind.Absolute, out Uri? address) && address is { UserInfo: "", AbsolutePath: "/", Query: "", Fragment: "" }
            ? new PeerEndpoint(address, [.. binding.Ipv4Hints, .. binding.Ipv6Hints], binding.Alpn, binding.Priority)
            : null;
    }

    private static PeerEndpoints None(string detail) => new(PeerStatus.None, [], false, detail);

    private static PeerEndpoints Unknown(string detail) => new(PeerStatus.Unknown, [], false, detail);
}
