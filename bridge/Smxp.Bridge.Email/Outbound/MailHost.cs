using System.Net;
using Smxp.Bridge.Email.Outbound.Tls;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>A server to hand mail to, and how.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">The address to connect to; null to let the system look the name up (a smart host).</param>
/// <param name="Port">The port.</param>
/// <param name="Policy">What is demanded of TLS.</param>
internal sealed record MailHost(string Name, IPAddress? Address, int Port, TlsPolicy Policy)
{
    /// <summary>Whether TLS comes before the first word (RFC 8314 §3.3).</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>How to sign in.</summary>
    public NetworkCredential? Credentials { get; init; }

    /// <summary>Where it is, whatever is demanded of it.</summary>
    public string Endpoint => $"{Name}/{Address}:{Port}";

    /// <summary>What a connection must have been opened for to be used again.</summary>
    public string ConnectionKey => $"{Endpoint}/{ImplicitTls}/{Credentials?.UserName}/{Policy.Id}";

    /// <summary>The smart host, or a legacy server. Where authorities were named for it, its certificate must lead to one.</summary>
    public static MailHost Of(SmartHost host, bool namesAuthorities)
    {
        // A password goes only to the server it is for. On this machine there is nobody between.
        bool verify = namesAuthorities || (!IsThisMachine(host.Host) && (host.Credentials is not null || host.ImplicitTls));
        return new MailHost(host.Host, null, host.Port, verify ? TlsPolicy.SmartHost : TlsPolicy.Opportunistic) { ImplicitTls = host.ImplicitTls, Credentials = host.Credentials };
    }

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
