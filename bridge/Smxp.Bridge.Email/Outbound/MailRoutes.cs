using System.Net;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Where mail for a domain goes: the smart host, or the domain's exchangers (RFC 5321 §5). Caching is the resolvers' work.</summary>
internal sealed class MailRoutes(IDnsResolver dns, OutboundSettings settings)
{
    private const int MaxHosts = 10;
    private const string NullExchange = ".";

    private readonly SmartHost? _smartHost = settings.SmartHost is { } url && SmartHost.TryParse(url, out var smartHost) ? smartHost : null;

    public SmartHost? SmartHost => _smartHost;

    /// <summary>Whether a domain takes email, and if so where, in the order to try.</summary>
    public async ValueTask<MailRoute> FindAsync(string domain, CancellationToken cancellationToken)
    {
        if (_smartHost is not null) return new MailRoute(ReachKind.Yes, null, [_smartHost.Host]);
        var answer = await AskAsync(domain, DnsRecordType.Mx, cancellationToken);
        if (answer.Status == DnsStatus.Failed) return new MailRoute(ReachKind.Unknown, $"MX of {domain}: {answer.Error ?? "no answer"}", []);
        var exchangers = answer.Records.OfType<MailExchangeData>().ToList();
        // RFC 7505 §3: a single "." says that the domain takes no mail.
        if (exchangers is [{ Exchange: NullExchange or "" }]) return new MailRoute(ReachKind.Refused, $"{domain} says that it takes no email (null MX)", []);
        if (exchangers.Count > 0) return new MailRoute(ReachKind.Yes, null, Order(exchangers));

        // RFC 5321 §5.1: without MX, the domain's own address is its exchanger.
        var (status, addresses) = await AddressesAsync(domain, cancellationToken);
        if (addresses.Count > 0) return new MailRoute(ReachKind.Yes, null, [domain]);
        return status == DnsStatus.Failed
            ? new MailRoute(ReachKind.Unknown, $"A and AAAA of {domain}: no answer", [])
            : new MailRoute(ReachKind.No, $"{domain} has no MX, A or AAAA record", []);
    }

    /// <summary>The addresses of a host that may be connected to.</summary>
    public async ValueTask<(DnsStatus Status, IReadOnlyList<IPAddress> Addresses)> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        var answers = new[] { await AskAsync(host, DnsRecordType.Aaaa, cancellationToken), await AskAsync(host, DnsRecordType.A, cancellationToken) };
        var addresses = answers.SelectMany(static answer => answer.Records.OfType<AddressData>()).Select(static data => data.Address);
        var status = answers.Any(static answer => answer.Status == DnsStatus.Failed) ? DnsStatus.Failed : answers[0].Status;
        return (status, [.. addresses.Where(address => settings.AllowPrivateNetworks || PublicAddress.Is(address))]);
    }

    // RFC 5321 §5.1: lower preference first, equal ones at random.
    private static IReadOnlyList<string> Order(List<MailExchangeData> exchangers) =>
        [.. exchangers.OrderBy(static exchanger => exchanger.Preference).ThenBy(static _ => Random.Shared.Next()).Select(static exchanger => exchanger.Exchange.TrimEnd('.')).Where(static host => host.Length > 0).Take(MaxHosts)];

    private async ValueTask<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken cancellationToken) =>
        await dns.ResolveAsync(new DnsQuestion(name, type), cancellationToken) ?? DnsAnswer.Empty(DnsStatus.Failed, TimeSpan.Zero, "no resolver answers");
}

/// <summary>What was found.</summary>
internal sealed record MailRoute(ReachKind Kind, string? Reason, IReadOnlyList<string> Hosts);
