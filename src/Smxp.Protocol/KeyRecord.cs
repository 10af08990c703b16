using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Smxp.Protocol;

/// <summary>The TXT record at <c>_smxpkey.&lt;domain&gt;</c>: <c>v=SMXP1; k=ML-DSA-65; kid=…; fp=sha256:…</c> (SMXP §7).</summary>
/// <param name="Algorithm">The signature algorithm's name.</param>
/// <param name="KeyId">The key's id.</param>
/// <param name="Fingerprint">The key's fingerprint, without the <c>sha256:</c>.</param>
public sealed record KeyRecord(string Algorithm, string KeyId, string Fingerprint)
{
    private const string HashPrefix = "sha256:";

    /// <summary>Where a domain's key records stand.</summary>
    public static string NameFor(string domain) => $"_smxpkey.{domain}";

    /// <summary>Reads a TXT record's text; false for any other record.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out KeyRecord? record)
    {
        record = null;
        if (TagList.Parse(text) is not { } tags || tags.GetValueOrDefault("v") != "SMXP1") return false;
        if (tags.GetValueOrDefault("k") is not { Length: > 0 } algorithm || tags.GetValueOrDefault("kid") is not { Length: > 0 } keyId) return false;
        if (tags.GetValueOrDefault("fp") is not { } fingerprint || !fingerprint.StartsWith(HashPrefix, StringComparison.Ordinal)) return false;
        if (!Base64Url.IsValid(fingerprint.AsSpan(HashPrefix.Length), out int size) || size != SHA256.HashSizeInBytes) return false;
        record = new KeyRecord(algorithm, keyId, fingerprint[HashPrefix.Length..].TrimEnd('='));
        return true;
    }

    /// <summary>The record's text.</summary>
    public override string ToString() => $"v=SMXP1; k={Algorithm}; kid={KeyId}; fp={HashPrefix}{Fingerprint}";
}
