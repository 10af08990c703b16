using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>Addresses as DNS names, last part first (RFC 1035 §3.5, RFC 3596 §2.5); lists of addresses are asked in the same form (RFC 5782 §2.1).</summary>
internal static class ReverseName
{
    /// <summary>The name under which an address's own name is found.</summary>
    public static string OfAddress(IPAddress address) => Below(address, address.AddressFamily == AddressFamily.InterNetwork ? "in-addr.arpa" : "ip6.arpa");

    /// <summary>The name of an address below a zone.</summary>
    public static string Below(IPAddress address, string zone)
    {
        byte[] bytes = address.GetAddressBytes();
        Array.Reverse(bytes);
        string labels = address.AddressFamily == AddressFamily.InterNetwork
            ? string.Join('.', bytes.Select(static part => part.ToString(CultureInfo.InvariantCulture)))
            : string.Join('.', bytes.Select(static part => $"{part & 15:x}.{part >> 4:x}"));
        return $"{labels}.{zone}";
    }
}
