using NSec.Cryptography;
using Smxp.Plugins.Signatures;

namespace Smxp.Signatures.Ed25519;

/// <summary>Ed25519. A secret key is the 32-byte seed of RFC 8032 §5.1.5; libsodium's 64 bytes, seed and public key, are taken too.</summary>
internal sealed class Ed25519Algorithm : ISignatureAlgorithm
{
    public const string WireName = "Ed25519";

    private const int SeedSize = 32;
    private static readonly NSec.Cryptography.Ed25519 Algorithm = SignatureAlgorithm.Ed25519;

    public string Name => WireName;

    public KeyPair GenerateKey()
    {
        using var key = Key.Create(Algorithm, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        return new KeyPair(key.Export(KeyBlobFormat.RawPublicKey), key.Export(KeyBlobFormat.RawPrivateKey));
    }

    public ISigner OpenSecretKey(ReadOnlySpan<byte> secretKey)
    {
        if (secretKey.Length is SeedSize or SeedSize + SeedSize
            && Key.TryImport(Algorithm, secretKey[..SeedSize], KeyBlobFormat.RawPrivateKey, out var key)
            && key is not null)
        {
            var publicKey = key.Export(KeyBlobFormat.RawPublicKey).AsSpan();
            if (secretKey.Length == SeedSize || publicKey.SequenceEqual(secretKey[SeedSize..])) return new Signer(key);
            key.Dispose();
        }

        throw new ArgumentException($"An {WireName} secret key is its {SeedSize}-byte seed.");
    }

    public IVerifier? OpenPublicKey(ReadOnlySpan<byte> publicKey) =>
        PublicKey.TryImport(Algorithm, publicKey, KeyBlobFormat.RawPublicKey, out var key) && key is not null
            ? new Verifier(key)
            : null;

    private sealed class Signer(Key key) : ISigner
    {
        public byte[] Sign(ReadOnlySpan<byte> message) => Algorithm.Sign(key, message);
    }

    private sealed class Verifier(PublicKey key) : IVerifier
    {
        public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
            signature.Length == Algorithm.SignatureSize && Algorithm.Verify(key, message, signature);
    }
}
