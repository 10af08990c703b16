using System.Net;
using System.Net.Sockets;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Which addresses are on the public Internet. A stranger's MX may name any; it must not make this server speak to its own network.</summary>
internal static class PublicAddress
{
    // RFC 6890 and the IANA special-purpose registries.
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/9", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 && !Special.Any(network => network.Contains(address));
    }
}
