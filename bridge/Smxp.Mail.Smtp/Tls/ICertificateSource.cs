using System.Net.Security;

namespace Smxp.Mail.Smtp.Tls;

/// <summary>Where the server's certificate comes from. Asked at every handshake, so that a renewed one is used at once.</summary>
public interface ICertificateSource
{
    /// <summary>The certificate and chain to present now.</summary>
    SslStreamCertificateContext Current { get; }
}
