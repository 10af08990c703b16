using System.Net;

namespace Smxp.Mail.Authentication.Spf;

/// <summary>A published SPF record, read whole before anything is evaluated: a fault anywhere is a fault (RFC 7208 §4.6).</summary>
internal sealed record SpfRecord(IReadOnlyList<SpfDirective> Directives, MacroString? Redirect, MacroString? Explanation)
{
    /// <summary>Whether a TXT record is an SPF record, well-formed or not (RFC 7208 §4.5).</summary>
    public static bool IsVersion1(string text) => text.StartsWith("v=spf1", StringComparison.OrdinalIgnoreCase) && (text.Length == 6 || text[6] == ' ');
}

/// <summary>A mechanism and what a match means.</summary>
/// <param name="Result">What the qualifier says.</param>
/// <param name="Mechanism">The mechanism.</param>
/// <param name="Target">Its domain-spec; null for the current domain.</param>
/// <param name="Network">The network of ip4 and ip6.</param>
/// <param name="Prefix4">Bits to compare of an IPv4 address.</param>
/// <param name="Prefix6">Bits to compare of an IPv6 address.</param>
/// <param name="Text">As published.</param>
internal sealed record SpfDirective(SpfResult Result, SpfMechanism Mechanism, MacroString? Target, IPAddress? Network, int Prefix4, int Prefix6, string Text);

/// <summary>The mechanisms of RFC 7208 §5.</summary>
internal enum SpfMechanism
{
    All,
    Include,
    A,
    Mx,
    Ptr,
    Ip4,
    Ip6,
    Exists,
}
