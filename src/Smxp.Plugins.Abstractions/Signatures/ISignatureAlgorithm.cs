namespace Smxp.Plugins.Signatures;

/// <summary>A signature algorithm (SMXP §5). Stateless; called from several threads.</summary>
public interface ISignatureAlgorithm
{
    /// <summary>The name on the wire, e.g. <c>ML-DSA-65</c>.</summary>
    string Name { get; }

    /// <summary>Makes a key pair.</summary>
    KeyPair GenerateKey();

    /// <summary>Prepares a secret key for many signatures.</summary>
    /// <exception cref="ArgumentException">The bytes are not a secret key of this algorithm.</exception>
    ISigner OpenSecretKey(ReadOnlySpan<byte> secretKey);

    /// <summary>Prepares a public key for many verifications; null where the bytes are not one.</summary>
    IVerifier? OpenPublicKey(ReadOnlySpan<byte> publicKey);
}

/// <summary>A key pair, raw bytes in the algorithm's own form.</summary>
public sealed record KeyPair(byte[] PublicKey, byte[] SecretKey);

/// <summary>A secret key, ready. Called from several threads.</summary>
public interface ISigner
{
    /// <summary>Signs.</summary>
    byte[] Sign(ReadOnlySpan<byte> message);
}

/// <summary>A public key, ready. Called from several threads.</summary>
public interface IVerifier
{
    /// <summary>Whether the signature is right; false for a signature of the wrong shape.</summary>
    bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
}
