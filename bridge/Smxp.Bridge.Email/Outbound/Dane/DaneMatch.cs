using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Outbound.Dane;

/// <summary>Whether a certificate fits TLSA records (RFC 6698 §2.1, RFC 7671). Pure, but for the clock of DANE-TA.</summary>
internal static class DaneMatch
{
    private const byte TrustAnchor = 2;
    private const byte EndEntity = 3;
    private const byte WholeCertificate = 0;
    private const byte PublicKey = 1;
    private const byte Exact = 0;
    private const byte Sha256 = 1;
    private const byte Sha512 = 2;

    // Faults of a chain that have nothing to do with where it ends: that is the record's to say.
    private const X509ChainStatusFlags AboutTheEnd =
        X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;

    /// <summary>RFC 7672 §3.1: usages 2 and 3 are for SMTP; 0 and 1, and what is malformed or unknown, cannot be used.</summary>
    public static bool IsUsable(TlsaData record) =>
        record is { Usage: TrustAnchor or EndEntity, Selector: WholeCertificate or PublicKey, Association.Length: > 0 } && record.MatchingType switch
        {
            Exact => true,
            Sha256 => record.Association.Length == SHA256.HashSizeInBytes,
            Sha512 => record.Association.Length == SHA512.HashSizeInBytes,
            _ => false,
        };

    /// <summary>Whether a server's certificate fits one of the records.</summary>
    /// <param name="records">Usable records.</param>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="presented">What it sent besides.</param>
    /// <param name="names">The names that a certificate under a trust anchor may be for (RFC 7672 §3.2.2).</param>
    public static bool Fits(IReadOnlyList<TlsaData> records, X509Certificate2 leaf, IReadOnlyList<X509Certificate2> presented, IReadOnlyList<string> names)
    {
        // RFC 7672 §3.1.1: of the end entity's own certificate neither the names nor the dates matter; the record vouches for both.
        if (records.Any(record => record.Usage == EndEntity && Matches(record, leaf))) return true;
        var anchors = records.Where(static record => record.Usage == TrustAnchor).ToList();
        return anchors.Count > 0 && names.Any(name => leaf.MatchesHostname(name, allowWildcards: true, allowCommonName: false)) && LeadsToAnchor(anchors, leaf, presented);
    }

    private static bool Matches(TlsaData record, X509Certificate2 certificate)
    {
        byte[] selected = record.Selector == WholeCertificate ? certificate.RawData : certificate.PublicKey.ExportSubjectPublicKeyInfo();
        byte[] offered = record.MatchingType switch { Sha256 => SHA256.HashData(selected), Sha512 => SHA512.HashData(selected), _ => selected };
        return offered.AsSpan().SequenceEqual(record.Association);
    }

    private static bool LeadsToAnchor(List<TlsaData> anchors, X509Certificate2 leaf, IReadOnlyList<X509Certificate2> presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        foreach (var certificate in presented) chain.ChainPolicy.ExtraStore.Add(certificate);
        // RFC 7671 §5.2.2: a whole certificate in the record need not be sent along.
        foreach (var record in anchors.Where(static record => record is { Selector: WholeCertificate, MatchingType: Exact })) Add(chain.ChainPolicy.ExtraStore, record.Association);
        // An issuer is accepted only where the chain can see it, self-signed or not.
        foreach (var certificate in chain.ChainPolicy.ExtraStore.Where(static certificate => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))) chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.Build(leaf);
        foreach (var element in chain.ChainElements)
        {
            bool isAnchor = !ReferenceEquals(element, chain.ChainElements[0]) && anchors.Any(record => Matches(record, element.Certificate));
            // RFC 7671 §5.2: dates and signatures count up to the anchor; of the anchor itself nothing but that it is the one.
            if (isAnchor) return true;
            if (element.ChainElementStatus.Any(static status => (status.Status & ~AboutTheEnd) != X509ChainStatusFlags.NoError)) return false;
        }

        return false;
    }

    private static void Add(X509Certificate2Collection store, byte[] encoded)
    {
        try
        {
            store.Add(X509CertificateLoader.LoadCertificate(encoded));
        }
        catch (CryptographicException)
        {
            // Not a certificate; it fits nothing.
        }
    }
}
