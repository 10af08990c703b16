using System.Buffers.Text;
using System.Security.Cryptography;

namespace Smxp.Protocol;

/// <summary>The fingerprint of a public key: base64url of SHA-256 over its raw bytes (SMXP §5).</summary>
public static class Fingerprint
{
    /// <summary>The fingerprint of a raw public key.</summary>
    public static string Of(ReadOnlySpan<byte> publicKey) => Base64Url.EncodeToString(SHA256.HashData(publicKey));
}
