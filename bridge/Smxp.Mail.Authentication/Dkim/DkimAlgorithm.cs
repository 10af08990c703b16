namespace Smxp.Mail.Authentication.Dkim;

/// <summary>The signature algorithms in use; rsa-sha1 is history (RFC 8301).</summary>
public enum DkimAlgorithm
{
    /// <summary><c>rsa-sha256</c> (RFC 6376 §3.3.2).</summary>
    RsaSha256,

    /// <summary><c>ed25519-sha256</c> (RFC 8463).</summary>
    Ed25519Sha256,
}

internal static class DkimAlgorithmNames
{
    public static string ToWire(this DkimAlgorithm algorithm) => algorithm == DkimAlgorithm.RsaSha256 ? "rsa-sha256" : "ed25519-sha256";

    /// <summary>The value of k= in a key record.</summary>
    public static string ToKeyType(this DkimAlgorithm algorithm) => algorithm == DkimAlgorithm.RsaSha256 ? "rsa" : "ed25519";
}
