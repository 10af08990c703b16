using System.Net;
using Smxp.Bridge.Email.Routing;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Where mail for a domain goes: a hybrid domain's legacy server, the smart host, or the domain's exchangers (RFC 5321 §5). Caching is the resolvers' work.</summary>
internal sealed class MailRoutes(IDnsResolver dns, OutboundSettings settings, HybridDomains? hybrid = null)
{
    private const int MaxHosts = 10;
    private const string NullExchange = ".";

    private readonly SmartHost? _smartHost = settings.SmartHost is { } url && SmartHost.TryParse(url, out var smartHost) ? smartHost : null;

    /// <summary>Whether a domain takes email, and if so where, in the order to try.</summary>
    public async ValueTask<MailRoute> FindAsync(string domain, CancellationToken cancellationToken)
    {
        // Its exchanger is this server.
        if (hybrid?.LegacyServerOf(domain) is { } legacy) return new MailRoute(domain, ReachKind.Yes) { Relay = legacy, IsLegacy = true };
        if (_smartHost is not null) return new MailRoute(domain, ReachKind.Yes) { Relay = _smartHost };
        var answer = await AskAsync(domain, DnsRecordType.Mx, cancellationToken);
        if (answer.Status == DnsStatus.Failed) return new MailRoute(domain, ReachKind.Unknown, $"MX of {domain}: {answer.Error ?? "no answer"}");
        var exchangers = answer.Records.OfType<MailExchangeData>().ToList();
        // RFC 7505 §3: a single "." says that the domain takes no mail.
        if (exchangers is [{ Exchange: NullExchange or "" }]) return new MailRoute(domain, ReachKind.Refused, $"{domain} says that it takes no email (null MX)");
        if (exchangers.Count > 0) return new MailRoute(domain, ReachKind.Yes) { Hosts = Order(exchangers), Authenticated = answer.Authenticated };

        // RFC 5321 §5.1: without MX, the domain's own address is its exchanger.
        var found = await AddressesAsync(domain, cancellationToken);
        if (found.Addresses.Count > 0) return new MailRoute(domain, ReachKind.Yes) { Hosts = [domain], Authenticated = answer.Authenticated };
        return found.Status == DnsStatus.Failed
            ? new MailRoute(domain, ReachKind.Unknown, $"A and AAAA of {domain}: no answer")
            : new MailRoute(domain, ReachKind.No, $"{domain} has no MX, A or AAAA record");
    }

    /// <summary>The addresses of a host that may be connected to.</summary>
    public async ValueTask<HostAddresses> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        var answers = new[] { await AskAsync(host, DnsRecordType.Aaaa, cancellationToken), await AskAsync(host, DnsRecordType.A, cancellationToken) };
        var addresses = answers.SelectMany(static answer => answer.Records.OfType<AddressData>()).Select(static data => data.Address);
        var status = answers.Any(static answer => answer.Status == DnsStatus.Failed) ? DnsStatus.Failed : answers[0].Status;
        bool authenticated = answers.Where(static answer => answer.Status == DnsStatus.Found).All(static answer => answer.Authenticated);
        return new HostAddresses(status, [.. addresses.Where(address => settings.AllowPrivateNetworks || PublicAddress.Is(address))], authenticated);
    }

    // RFC 5321 §5.1: lower preference first, equal ones at random.
    private static IReadOnlyList<string> Order(List<MailExchangeData> exchangers) =>
        [.. exchangers.OrderBy(static exchanger => exchanger.Preference).ThenBy(static _ => Random.Shared.Next()).Select(static exchanger => exchanger.Exchange.TrimEnd('.')).Where(static host => host.Length > 0).Take(MaxHosts)];

    private async ValueTask<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken cancellationToken) =>
        await dns.ResolveAsync(new DnsQuestion(name, type), cancellationToken) ?? DnsAnswer.Empty(DnsStatus.Failed, TimeSpan.Zero, "no resolver answers");
}

/// <summary>Where mail for a domain goes.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Kind">Whether it takes mail.</param>
/// <param name="Reason">Why not, in words for the sender.</param>
internal sealed record MailRoute(string Domain, ReachKind Kind, string? Reason = null)
{
    /// <summary>Its mail servers, in the order to try.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>One server that takes it instead, whatever DNS says; null for none.</summary>
    public SmartHost? Relay { get; init; }

    /// <summary>Whether <see cref="Relay"/> is the domain's own legacy server and not the smart host.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>Whether a validating resolver vouches for <see cref="Hosts"/>.</summary>
    public bool Authenticated { get; init; }
}

/// <summary>The addresses of a host that may be connected to, and whether a validating resolver vouches for them.</summary>
internal sealed record HostAddresses(DnsStatus Status, IReadOnlyList<IPAddress> Addresses, bool Authenticated);
