using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Decides whether a mail server's certificate is good: it must hold the name that was connected to, and lead to an authority of the system or of <c>Outbound:TrustedAuthorities</c>.</summary>
internal sealed class TrustedCertificates(string? path)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection _authorities = Load(path);

    /// <summary>Whether authorities were named.</summary>
    public bool Any => _authorities.Count > 0;

    public bool IsValid(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        // A missing certificate or a wrong name is never forgiven; an unknown authority is, where it is one of ours.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || !Any || certificate is not X509Certificate2 leaf) return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (chain is not null) own.ChainPolicy.ExtraStore.AddRange(chain.ChainElements.Select(static element => element.Certificate).ToArray());
        return own.Build(leaf);
    }

    private static X509Certificate2Collection Load(string? path)
    {
        var authorities = new X509Certificate2Collection();
        if (!string.IsNullOrEmpty(path)) authorities.ImportFromPemFile(path);
        return authorities;
    }
}
