using System.Security.Cryptography.X509Certificates;

namespace Smxp.Bridge.Email.Outbound.Tls;

/// <summary>How certificate chains of strangers are built: from what they sent. A certificate may name an address to fetch its issuer from (RFC 5280 §4.2.2.1), and it would be ours to ask it, wherever it is.</summary>
internal static class ChainRules
{
    public static X509ChainPolicy Offline() => new() { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck, RevocationFlag = X509RevocationFlag.ExcludeRoot };
}
