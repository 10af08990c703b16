using Smxp.Plugins.Dns;

namespace Smxp.Dns.Wire;

/// <summary>A record of an answer.</summary>
/// <param name="Owner">Its name, normalised.</param>
/// <param name="Type">Its type's number.</param>
/// <param name="TimeToLive">Seconds; for SOA the time a negative answer may be kept (RFC 2308 §5).</param>
/// <param name="Data">What it says; null for a type nobody asks for.</param>
/// <param name="IsMalformed">Whether its data could not be read.</param>
internal sealed record ResourceRecord(string Owner, int Type, uint TimeToLive, DnsRecord? Data, bool IsMalformed = false)
{
    public const int Soa = 6;
}

/// <summary>A response, whichever way it came.</summary>
internal sealed record DnsResponse(int Code, bool Authenticated, IReadOnlyList<ResourceRecord> Answers, IReadOnlyList<ResourceRecord> Authorities)
{
    public const int NoError = 0;
    public const int NameError = 3;
}
