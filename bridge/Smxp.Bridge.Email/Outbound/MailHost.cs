using System.Net;
using MailKit.Security;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>A server to hand mail to, and how.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">The address to connect to; null to let the system look the name up (a smart host).</param>
/// <param name="Port">The port; null for the one of mail exchangers.</param>
/// <param name="Security">Whether TLS is a must.</param>
/// <param name="Verify">Whether the certificate must be valid. Opportunistic TLS (RFC 7435) takes any: without it there would be none at all.</param>
/// <param name="Credentials">How to sign in.</param>
internal sealed record MailHost(string Name, IPAddress? Address, int? Port, SecureSocketOptions Security, bool Verify, NetworkCredential? Credentials)
{
    public static MailHost Of(string exchanger, IPAddress address) => new(exchanger, address, null, SecureSocketOptions.StartTlsWhenAvailable, Verify: false, null);

    /// <summary>The smart host. Where authorities were named, its certificate must lead to one.</summary>
    public static MailHost Of(SmartHost host, bool namesAuthorities)
    {
        // A password goes only to the server it is for. On this machine there is nobody between.
        bool verify = namesAuthorities || (!IsThisMachine(host.Host) && (host.Credentials is not null || host.ImplicitTls));
        var security = host.ImplicitTls ? SecureSocketOptions.SslOnConnect : verify ? SecureSocketOptions.StartTls : SecureSocketOptions.StartTlsWhenAvailable;
        return new MailHost(host.Host, null, host.Port, security, verify, host.Credentials);
    }

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
