using System.Net;
using System.Net.Sockets;

namespace Smxp.Mail.Smtp.Limits;

/// <summary>Who counts as one client.</summary>
internal static class ClientKey
{
    // A network of one subscriber is a /64; its addresses are free, so they count as one client.
    public static IPAddress Of(IPAddress client)
    {
        if (client.IsIPv4MappedToIPv6) return client.MapToIPv4();
        if (client.AddressFamily != AddressFamily.InterNetworkV6) return client;
        byte[] bytes = client.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
