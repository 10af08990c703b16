using System.Net;
using Smxp.Protocol;

namespace Smxp.Plugins.Dns;

/// <summary>An answer.</summary>
/// <param name="Status">How the question ended.</param>
/// <param name="Records">The records of the type asked (aliases followed); empty unless found.</param>
/// <param name="TimeToLive">How long it may be kept.</param>
/// <param name="Authenticated">Whether a validating resolver vouches for it (the AD bit over a trusted path).</param>
/// <param name="Error">What went wrong, where it failed.</param>
public sealed record DnsAnswer(DnsStatus Status, IReadOnlyList<DnsRecord> Records, TimeSpan TimeToLive, bool Authenticated = false, string? Error = null)
{
    /// <summary>An answer without records.</summary>
    public static DnsAnswer Empty(DnsStatus status, TimeSpan timeToLive, string? error = null) => new(status, [], timeToLive, false, error);
}

/// <summary>A record's data.</summary>
public abstract record DnsRecord;

/// <summary>A or AAAA.</summary>
public sealed record AddressData(IPAddress Address) : DnsRecord;

/// <summary>TXT, its strings joined.</summary>
public sealed record TextData(string Text) : DnsRecord;

/// <summary>MX. Exchange "." is the null MX (RFC 7505).</summary>
public sealed record MailExchangeData(int Preference, string Exchange) : DnsRecord;

/// <summary>PTR or CNAME.</summary>
public sealed record NameData(string Name) : DnsRecord;

/// <summary>TLSA (RFC 6698).</summary>
public sealed record TlsaData(byte Usage, byte Selector, byte MatchingType, byte[] Association) : DnsRecord;

/// <summary>SVCB (RFC 9460).</summary>
public sealed record ServiceData(ServiceBinding Binding) : DnsRecord;

/// <summary>What an operator pinned for a domain in place of SVCB: the one case in which plain <c>http</c> is allowed and no key record is asked for (SMXP §7).</summary>
public sealed record PinnedEndpointData(Uri Endpoint) : DnsRecord;
