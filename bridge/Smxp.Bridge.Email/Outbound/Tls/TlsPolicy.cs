using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Outbound.Tls;

/// <summary>What is demanded of TLS towards one server, and who demands it.</summary>
internal sealed class TlsPolicy
{
    private TlsPolicy(TlsDemand demand, string because) => (Demand, Because) = (demand, because);

    /// <summary>TLS where it is offered, with any certificate: the alternative is none (RFC 7435).</summary>
    public static TlsPolicy Opportunistic { get; } = new(TlsDemand.Opportunistic, "");

    public TlsDemand Demand { get; private init; }

    /// <summary>Who demands it, to be read behind "and": "the domain's MTA-STS policy demands valid TLS".</summary>
    public string Because { get; private init; }

    /// <summary>The TLSA records a certificate must fit, usable ones only (RFC 7672 §3.1).</summary>
    public IReadOnlyList<TlsaData> Associations { get; private init; } = [];

    /// <summary>Names a certificate under a trust anchor may hold besides the server's (RFC 7672 §3.2.2).</summary>
    public IReadOnlyList<string> OtherNames { get; private init; } = [];

    /// <summary>The domain whose policy this is, for the counters; null where nobody's.</summary>
    public string? Domain { get; private init; }

    /// <summary>The kind of policy, for the counters: <c>sts</c>, <c>dane</c>, <c>requiretls</c>.</summary>
    public string Kind { get; private init; } = "";

    /// <summary>Whether a certificate that is not valid is counted though it does no harm (MTA-STS in mode "testing").</summary>
    public bool IsWatched { get; private init; }

    /// <summary>What tells policies apart: connections are shared only among mails with the same.</summary>
    public string Id => $"{Demand}/{IsWatched}/{string.Join(',', OtherNames)}/{string.Join(',', Associations.Select(static record => $"{record.Usage}{record.Selector}{record.MatchingType}{Convert.ToHexString(record.Association)}"))}";

    /// <summary>RFC 8461 §5: a policy in mode "enforce".</summary>
    public static TlsPolicy Sts(string domain) => new(TlsDemand.Valid, "the domain's MTA-STS policy demands valid TLS") { Domain = domain, Kind = "sts" };

    /// <summary>RFC 8461 §5: a policy in mode "testing" is watched, and never in the way.</summary>
    public static TlsPolicy StsTesting(string domain) => new(TlsDemand.Opportunistic, "") { Domain = domain, Kind = "sts", IsWatched = true };

    /// <summary>RFC 7672: the server's TLSA records; where none of them can be used, TLS with any certificate.</summary>
    public static TlsPolicy Dane(string domain, IReadOnlyList<TlsaData> usable) => new(usable.Count > 0 ? TlsDemand.Dane : TlsDemand.Encrypted, "the server's TLSA records demand matching TLS (DANE)")
    {
        Associations = usable,
        OtherNames = [domain],
        Domain = domain,
        Kind = "dane",
    };

    /// <summary>RFC 8689 §4.2.1: the sender wants verified TLS or none of it to leave.</summary>
    public static TlsPolicy RequireTls(string domain) => new(TlsDemand.Valid, "the sender demands valid TLS (REQUIRETLS)") { Domain = domain, Kind = "requiretls" };

    /// <summary>A smart host that a password goes to, or whose URL says smtps.</summary>
    public static TlsPolicy SmartHost { get; } = new(TlsDemand.Valid, "a smart host that is given a password must be proved by TLS");
}

/// <summary>How much.</summary>
internal enum TlsDemand
{
    /// <summary>Where offered, any certificate, plain text where it fails.</summary>
    Opportunistic,

    /// <summary>TLS, any certificate.</summary>
    Encrypted,

    /// <summary>TLS with a certificate of a trusted authority for the server's name.</summary>
    Valid,

    /// <summary>TLS with a certificate that fits a TLSA record.</summary>
    Dane,
}
