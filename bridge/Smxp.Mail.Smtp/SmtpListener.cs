using System.Net;

namespace Smxp.Mail.Smtp;

/// <summary>One address to listen on, and who may come there.</summary>
public sealed record SmtpListener
{
    /// <summary>Where to listen; port 0 lets the system choose.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>Whom it serves.</summary>
    public SmtpListenerKind Kind { get; init; } = SmtpListenerKind.Relay;

    /// <summary>Whether TLS begins with the connection (RFC 8314 §3.3) and not with STARTTLS. Needs a certificate.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>Whether AUTH is offered without TLS. For listeners that only this machine can reach; passwords travel in clear.</summary>
    public bool AllowPlaintextAuthentication { get; init; }

    /// <summary>From where connections begin with a PROXY header that names the client. From anywhere else such a header is no command.</summary>
    public IReadOnlyList<IPNetwork> ProxyNetworks { get; init; } = [];

    /// <summary>From where XCLIENT is taken: such a client may claim to be any other.</summary>
    public IReadOnlyList<IPNetwork> XclientNetworks { get; init; } = [];
}

/// <summary>Whom a listener serves.</summary>
public enum SmtpListenerKind
{
    /// <summary>Other mail servers, as the MX of a domain (RFC 5321).</summary>
    Relay,

    /// <summary>Mail programs of people who sign in before they send (RFC 6409).</summary>
    Submission,
}
