using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Smxp.Mail.Authentication.Dkim;

/// <summary>Ed25519 (RFC 8032), which the platform does not have; BouncyCastle has it without a native library.</summary>
internal static class Ed25519Key
{
    public const int PublicBytes = 32;
    public const int PrivateBytes = 32;

    public static bool Verify(byte[] key, byte[] message, byte[] signature) => signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature, 0, key, 0, message, 0, message.Length);

    public static byte[] Sign(byte[] key, byte[] message)
    {
        byte[] signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(key, 0, message, 0, message.Length, signature, 0);
        return signature;
    }

    public static byte[] PublicOf(byte[] key)
    {
        byte[] result = new byte[PublicBytes];
        Ed25519.GeneratePublicKey(key, 0, result, 0);
        return result;
    }

    public static byte[] Generate()
    {
        byte[] key = new byte[PrivateBytes];
        RandomNumberGenerator.Fill(key);
        return key;
    }
}
