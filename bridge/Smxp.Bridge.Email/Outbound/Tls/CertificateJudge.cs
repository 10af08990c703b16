using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Smxp.Bridge.Email.Outbound.Dane;

namespace Smxp.Bridge.Email.Outbound.Tls;

/// <summary>Decides during a handshake whether a server's certificate does what the policy demands, and remembers what it objected to.</summary>
internal sealed class CertificateJudge(string server, TlsPolicy policy, X509Certificate2Collection authorities)
{
    /// <summary>What is wrong with the certificate, to be read behind "its certificate"; null where nothing is, or nobody asked.</summary>
    public string? Objection { get; private set; }

    /// <summary>The same in the words of RFC 8460 §4.3.</summary>
    public string? Failure { get; private set; }

    public bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        switch (policy.Demand)
        {
            case TlsDemand.Dane:
                if (certificate is X509Certificate2 leaf && DaneMatch.Fits(policy.Associations, leaf, [.. chain?.ChainPolicy.ExtraStore ?? []], [server, .. policy.OtherNames])) return true;
                Object("fits none of its TLSA records", "validation-failure");
                return false;
            case TlsDemand.Valid:
                return IsValid(certificate, chain, errors);
            default:
                if (policy.IsWatched) IsValid(certificate, chain, errors);
                return true;
        }
    }

    private bool IsValid(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) || certificate is not X509Certificate2 leaf)
        {
            Object("is missing", "validation-failure");
        }
        else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            Object($"is not valid for {server}", "certificate-host-mismatch");
        }
        else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && !IsKnownHere(leaf, chain))
        {
            bool expired = leaf.NotAfter < DateTime.Now || leaf.NotBefore > DateTime.Now;
            Object(expired ? "has expired, or is not valid yet" : "is of no trusted authority", expired ? "certificate-expired" : "certificate-not-trusted");
        }

        return Objection is null;
    }

    // The system does not trust it; the operator may have named an authority that stands behind it.
    private bool IsKnownHere(X509Certificate2 leaf, X509Chain? presented)
    {
        if (authorities.Count == 0) return false;
        using var chain = new X509Chain { ChainPolicy = ChainRules.Offline() };
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        if (presented is not null) chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        return chain.Build(leaf);
    }

    private void Object(string objection, string failure) => (Objection, Failure) = (objection, failure);
}
