using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Smxp.Mail.Authentication.Dkim;

/// <summary>A private key that signs a domain's mail, and the record that publishes its public half. Signs for any number of mails at a time.</summary>
public sealed class DkimKey : IDisposable
{
    // RFC 8301 §3.2 asks for 2048; longer ones no longer fit one DNS string and gain little.
    private const int RsaBits = 2048;

    // RFC 6376 §3.6.2.2: a TXT record is made of strings of at most 255 octets.
    private const int DnsString = 255;

    private const string PemLabel = "PRIVATE KEY";

    // PKCS #8 of an Ed25519 key (RFC 8410 §7) is this and the 32 octets of the key.
    private static readonly byte[] Ed25519Prefix = Convert.FromHexString("302e020100300506032b657004220420");

    private readonly RSA? _rsa;
    private readonly byte[] _ed25519 = [];

    private DkimKey(RSA rsa)
    {
        _rsa = rsa;
        Algorithm = DkimAlgorithm.RsaSha256;
    }

    private DkimKey(byte[] ed25519)
    {
        _ed25519 = ed25519;
        Algorithm = DkimAlgorithm.Ed25519Sha256;
    }

    /// <summary>What it signs with.</summary>
    public DkimAlgorithm Algorithm { get; }

    /// <summary>The text of the TXT record at <c>selector._domainkey.domain</c>.</summary>
    public string DnsRecord => $"v=DKIM1; k={Algorithm.ToKeyType()}; p={Convert.ToBase64String(_rsa?.ExportSubjectPublicKeyInfo() ?? Ed25519Key.PublicOf(_ed25519))}";

    /// <summary>The same in strings short enough for a zone file, to be written in quotes side by side.</summary>
    public IReadOnlyList<string> DnsStrings => [.. DnsRecord.Chunk(DnsString).Select(static chunk => new string(chunk))];

    /// <summary>Makes a key.</summary>
    public static DkimKey Generate(DkimAlgorithm algorithm) => algorithm == DkimAlgorithm.RsaSha256 ? new DkimKey(RSA.Create(RsaBits)) : new DkimKey(Ed25519Key.Generate());

    /// <summary>Reads a key from PEM (PKCS #8, or PKCS #1 for RSA), or an Ed25519 key from the base64 of its 32 octets. RSA keys too short to be accepted anywhere are refused.</summary>
    public static bool TryImport(string text, [NotNullWhen(true)] out DkimKey? key)
    {
        key = null;
        if (!PemEncoding.TryFind(text, out var pem))
        {
            byte[] raw = new byte[Ed25519Key.PrivateBytes];
            if (Convert.TryFromBase64String(text.Trim(), raw, out int length) && length == raw.Length) key = new DkimKey(raw);
            return key is not null;
        }

        byte[] content = Convert.FromBase64String(text[pem.Base64Data]);
        if (text[pem.Label] == PemLabel && content.Length == Ed25519Prefix.Length + Ed25519Key.PrivateBytes && content.AsSpan().StartsWith(Ed25519Prefix))
        {
            key = new DkimKey(content[Ed25519Prefix.Length..]);
            return true;
        }

        return TryImportRsa(text, out key);
    }

    /// <summary>The key as PEM, PKCS #8.</summary>
    public string ExportPem() => _rsa?.ExportPkcs8PrivateKeyPem() ?? PemEncoding.WriteString(PemLabel, [.. Ed25519Prefix, .. _ed25519]);

    /// <summary>Frees the key.</summary>
    public void Dispose()
    {
        _rsa?.Dispose();
        CryptographicOperations.ZeroMemory(_ed25519);
    }

    // RFC 8463 §3: Ed25519 signs the digest, not the text.
    internal byte[] Sign(byte[] digest) => _rsa?.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ?? Ed25519Key.Sign(_ed25519, digest);

    private static bool TryImportRsa(string text, [NotNullWhen(true)] out DkimKey? key)
    {
        key = null;
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(text);
            // A public key is PEM too, but has nothing to sign with.
            if (rsa.KeySize >= 1024 && rsa.ExportParameters(includePrivateParameters: true).D is not null) key = new DkimKey(rsa);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key = null;
        }

        if (key is null) rsa.Dispose();
        return key is not null;
    }
}
