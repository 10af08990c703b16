using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Smxp.Bridge.Email.Tests.Outbound;

/// <summary>Certificates of an authority that nobody knows, and forgeries of them.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<X509Certificate2> _issued = [];

    public TestCertificates(string name = "CN=Some authority") => Authority = Own(IssuerRequest(name, _key).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30)));

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Issue(string host, DateTimeOffset? until = null) => Issue(host, Authority, _key, until);

    /// <summary>A certificate that says where its issuer's is to be fetched.</summary>
    public X509Certificate2 IssueWithAddress(string host, string issuerAt) => Issue(host, Authority, _key, null, issuerAt);

    /// <summary>A certificate that says it is of the authority, and is signed by another key.</summary>
    public X509Certificate2 Forge(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var impostor = IssuerRequest(Authority.Subject, key).CreateSelfSigned(Authority.NotBefore, Authority.NotAfter);
        return Issue(host, impostor, key, null);
    }

    /// <summary>An authority between, and a certificate of it.</summary>
    public (X509Certificate2 Between, X509Certificate2 Leaf) IssueBetween(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var between = IssuerRequest("CN=Between", key).Create(Authority, Authority.NotBefore, Authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        using var signing = between.CopyWithPrivateKey(key);
        return (Own(X509CertificateLoader.LoadCertificate(between.RawData)), Issue(host, signing, key, null));
    }

    public void Dispose()
    {
        foreach (var certificate in _issued) certificate.Dispose();
        _key.Dispose();
    }

    private static CertificateRequest IssuerRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request;
    }

    private X509Certificate2 Issue(string host, X509Certificate2 issuer, ECDsa issuerKey, DateTimeOffset? until, string? issuerAt = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        if (issuerAt is not null) request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [issuerAt]));
        using var certificate = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), DateTimeOffset.UtcNow.AddDays(-1), until ?? DateTimeOffset.UtcNow.AddDays(7), RandomNumberGenerator.GetBytes(8));
        using var withKey = certificate.CopyWithPrivateKey(key);
        return Own(X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null));
    }

    private X509Certificate2 Own(X509Certificate2 certificate)
    {
        _issued.Add(certificate);
        return certificate;
    }
}
