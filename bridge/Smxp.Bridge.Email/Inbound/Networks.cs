using System.Net;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>A set of networks, and whether an address is in one of them; IPv4 in IPv6's clothes counts as IPv4.</summary>
internal sealed class Networks(IEnumerable<string> networks)
{
    private readonly IPNetwork[] _networks = [.. networks.Select(IPNetwork.Parse)];

    public bool Contain(IPAddress address)
    {
        var plain = Plain(address);
        foreach (var network in _networks)
        {
            if (network.Contains(plain)) return true;
        }

        return false;
    }

    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
