using System.Diagnostics.CodeAnalysis;

namespace Smxp.Protocol;

/// <summary>The TXT record at <c>_smxpkey.&lt;domain&gt;</c>: <c>v=SMXP1; k=ML-DSA-65; kid=…; fp=sha256:…</c> (SMXP §7).</summary>
/// <param name="Algorithm">The signature algorithm's name.</param>
/// <param name="KeyId">The key's id.</param>
/// <param name="Fingerprint">The key's fingerprint, without the <c>sha256:</c>.</param>
public sealed record KeyRecord(string Algorithm, string KeyId, string Fingerprint)
{
    /// <summary>Where a domain's key records stand.</summary>
    public static string NameFor(string domain) => $"_smxpkey.{domain}";

    /// <summary>Reads a TXT record's text; false for any other record.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out KeyRecord? record) => throw new NotImplementedException();

    /// <summary>The record's text.</summary>
    public override string ToString() => $"v=SMXP1; k={Algorithm}; kid={KeyId}; fp=sha256:{Fingerprint}";
}
