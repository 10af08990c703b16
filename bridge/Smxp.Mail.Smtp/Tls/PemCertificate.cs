using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Smxp.Mail.Smtp.Tls;

/// <summary>A certificate chain and its key in PEM files, read again when either changes. A change that cannot be read is logged, and the former certificate stays.</summary>
public sealed partial class PemCertificate : ICertificateSource
{
    private readonly string _certificatePath;
    private readonly string _keyPath;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private (DateTime Certificate, DateTime Key) _written;
    private SslStreamCertificateContext _current;

    /// <summary>Reads the files.</summary>
    /// <exception cref="CryptographicException">They do not hold a certificate and its key.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public PemCertificate(string certificatePath, string keyPath, ILogger logger)
    {
        (_certificatePath, _keyPath, _logger) = (certificatePath, keyPath, logger);
        _written = LastWritten();
        _current = Load();
    }

    /// <inheritdoc/>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (LastWritten() is var written && written != _written) Reload(written);
                return _current;
            }
        }
    }

    private void Reload((DateTime, DateTime) written)
    {
        _written = written;
        try
        {
            _current = Load();
            LogReloaded(_certificatePath);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            LogReloadFailed(_certificatePath, exception);
        }
    }

    private SslStreamCertificateContext Load()
    {
        var certificate = X509Certificate2.CreateFromPemFile(_certificatePath, _keyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certificatePath);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    private (DateTime, DateTime) LastWritten() => (File.GetLastWriteTimeUtc(_certificatePath), File.GetLastWriteTimeUtc(_keyPath));

    [LoggerMessage(LogLevel.Information, "The certificate in {Path} was read again")]
    private partial void LogReloaded(string path);

    [LoggerMessage(LogLevel.Error, "The changed certificate in {Path} cannot be used; the former one stays")]
    private partial void LogReloadFailed(string path, Exception exception);
}
