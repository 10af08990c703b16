using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Smxp.Mail.Smtp.Tls;

namespace Smxp.Mail.Smtp.Tests.Session;

/// <summary>A certificate and its key in files of their own.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("smtp-");

    public CertificateFiles(string name)
    {
        Write(name, DateTime.UtcNow);
        Source = new PemCertificate(CertificatePath, KeyPath, NullLogger.Instance);
    }

    public PemCertificate Source { get; }

    public string KeyPath => Path.Combine(_folder.FullName, "key.pem");

    public string CertificatePath => Path.Combine(_folder.FullName, "certificate.pem");

    public void Write(string name, DateTime written)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        foreach (var (path, text) in new[] { (CertificatePath, certificate.ExportCertificatePem()), (KeyPath, key.ExportPkcs8PrivateKeyPem()) })
        {
            File.WriteAllText(path, text);
            File.SetLastWriteTimeUtc(path, written);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
