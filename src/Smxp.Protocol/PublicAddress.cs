using System.Net;
using System.Net.Sockets;

namespace Smxp.Protocol;

/// <summary>Which addresses a stranger may make this server connect to: those of the public internet, and nothing inside the operator's network (SMXP §7).</summary>
public static class PublicAddress
{
    // RFC 6890 and its registries: what is not globally reachable. 192.88.99.0/24 is RFC 7526's.
    private static readonly IPNetwork[] Refused4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // RFC 4291 §2.4: only 2000::/3 is handed out. Of it, the IETF's own block (Teredo), documentation, and 6to4, which hides an IPv4 address, are refused.
    // NAT64 (RFC 6052, 64:ff9b::/96), mapped and compatible addresses, ULA and link-local all lie outside.
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Refused6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>Whether it is on the public internet.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Refused4.Any(network => network.Contains(address))
            : Global6.Contains(address) && !Refused6.Any(network => network.Contains(address));
    }
}
