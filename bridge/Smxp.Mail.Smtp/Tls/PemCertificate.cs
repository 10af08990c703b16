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
            LogReloadFailed(_certificatePath, exception.Message);
        }
    }

    private SslStreamCertificateContext Load()
    {
        string certificates = File.ReadAllText(_certificatePath);
        string key = File.ReadAllText(_keyPath);
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(certificates);
        }
        catch (CryptographicException exception)
        {
            throw new CryptographicException($"{_certificatePath} cannot be read as PEM: {exception.Message}", exception);
        }

        if (chain.Count == 0) throw new CryptographicException($"{_certificatePath} has no certificate in PEM");
        return SslStreamCertificateContext.Create(WithKey(certificates, key), chain, offline: true);
    }

    // Whoever renews them writes one file after the other, so that a key of another pair is to be expected; the platform calls that an argument that is wrong.
    private X509Certificate2 WithKey(string certificates, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificates, key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CryptographicException($"{_keyPath} has no key that belongs to the certificate in {_certificatePath}; it must be in PEM and without a passphrase", exception);
        }
    }

    private (DateTime, DateTime) LastWritten() => (File.GetLastWriteTimeUtc(_certificatePath), File.GetLastWriteTimeUtc(_keyPath));

    [LoggerMessage(LogLevel.Information, "The certificate in {Path} was read again")]
    private partial void LogReloaded(string path);

    [LoggerMessage(LogLevel.Error, "The changed certificate in {Path} cannot be used, and the former one stays: {Reason}")]
    private partial void LogReloadFailed(string path, string reason);
}
