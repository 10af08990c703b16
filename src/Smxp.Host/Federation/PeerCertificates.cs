using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Smxp.Host.Configuration;

namespace Smxp.Host.Federation;

/// <summary>Decides whether a server's certificate is good: it must hold the name that was connected to, and lead to an authority of the system or of <c>Federation:TrustedAuthorities</c>.</summary>
internal sealed class PeerCertificates(SmxpOptions options)
{
    private readonly X509Certificate2Collection _authorities = Load(options.Federation.TrustedAuthorities);

    public bool IsValid(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        // A missing certificate or a wrong name is never forgiven; an unknown authority is, where it is one of ours.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || _authorities.Count == 0 || certificate is not X509Certificate2 leaf) return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.DisableCertificateDownloads = true;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (chain is not null) own.ChainPolicy.ExtraStore.AddRange(chain.ChainElements.Select(element => element.Certificate).ToArray());
        return own.Build(leaf);
    }

    /// <summary>What is wrong with a file of authorities; null where it can be used.</summary>
    public static string? FindProblem(string path)
    {
        try
        {
            return Load(path).Count > 0 ? null : $"{path} holds no certificate in PEM";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    private static X509Certificate2Collection Load(string? path)
    {
        var authorities = new X509Certificate2Collection();
        if (!string.IsNullOrEmpty(path)) authorities.ImportFromPemFile(path);
        return authorities;
    }
}
