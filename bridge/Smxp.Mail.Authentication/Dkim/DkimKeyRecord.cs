using System.Security.Cryptography;

namespace Smxp.Mail.Authentication.Dkim;

/// <summary>A public key as DNS publishes it (RFC 6376 §3.6.1, RFC 8463 §4). Pure.</summary>
internal sealed record DkimKeyRecord(DkimAlgorithm Algorithm, byte[] Key, bool Testing, bool ExactIdentity)
{
    /// <summary>Reads a record. One that is no key for mail is told by its fault.</summary>
    public static DkimKeyRecord? TryParse(string text, out string? fault)
    {
        fault = "the key record cannot be read";
        if (!TagList.TryParse(text, out var tags) || (tags["v"] is { } version && (version != "DKIM1" || tags.First != "v"))) return null;
        string type = tags.Compact("k") ?? "rsa";
        string[] flags = tags.List("t") ?? [];
        fault = tags["p"] is null ? "the key record has no key"
            : tags.Compact("p")!.Length == 0 ? "the key is revoked"
            : tags.List("h") is { } hashes && !hashes.Contains("sha256", StringComparer.Ordinal) ? "the key is not for sha256"
            : tags.List("s") is { } services && !services.Any(static service => service is "*" or "email") ? "the key is not for email"
            : type is not ("rsa" or "ed25519") ? "the key is of an unknown type"
            : tags.Base64("p") is null ? "the key is no base64"
            : null;
        return fault is null ? new DkimKeyRecord(type == "rsa" ? DkimAlgorithm.RsaSha256 : DkimAlgorithm.Ed25519Sha256, tags.Base64("p")!, flags.Contains("y"), flags.Contains("s")) : null;
    }

    /// <summary>Whether the signature is this key's; a key that is none or too weak is told by its fault.</summary>
    public bool Verifies(byte[] signed, byte[] signature, out string? fault)
    {
        fault = null;
        byte[] digest = SHA256.HashData(signed);
        if (Algorithm == DkimAlgorithm.Ed25519Sha256)
        {
            if (Key.Length == Ed25519Key.PublicBytes) return Ed25519Key.Verify(Key, digest, signature);
            fault = "the key is no Ed25519 key";
            return false;
        }

        using var rsa = RSA.Create();
        try
        {
            Import(rsa, Key);
        }
        catch (CryptographicException)
        {
            fault = "the key is no RSA key";
            return false;
        }

        // RFC 8301 §3.2. Beyond 4096 bits nobody signs, and verifying costs more the longer the key is.
        if (rsa.KeySize is < 1024 or > 8192) fault = $"the key has {rsa.KeySize} bits";
        return fault is null && rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    // SubjectPublicKeyInfo is what everybody publishes; RFC 6376 itself says RSAPublicKey.
    private static void Import(RSA rsa, byte[] key)
    {
        try
        {
            rsa.ImportSubjectPublicKeyInfo(key, out _);
        }
        catch (CryptographicException)
        {
            rsa.ImportRSAPublicKey(key, out _);
        }
    }
}
