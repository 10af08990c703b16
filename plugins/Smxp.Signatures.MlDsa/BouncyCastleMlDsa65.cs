using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Smxp.Plugins.Signatures;

namespace Smxp.Signatures.MlDsa;

/// <summary>ML-DSA-65 by BouncyCastle: everywhere, in managed code.</summary>
internal sealed class BouncyCastleMlDsa65 : ISignatureAlgorithm
{
    private const int SeedSize = 32;

    public string Name => MlDsa65.Name;

    public KeyPair GenerateKey()
    {
        byte[] seed = RandomNumberGenerator.GetBytes(SeedSize);
        var key = MLDsaPrivateKeyParameters.FromSeed(MLDsaParameters.ml_dsa_65, seed);
        CryptographicOperations.ZeroMemory(seed);
        return new KeyPair(key.GetPublicKeyEncoded(), key.GetEncoded());
    }

    public ISigner OpenSecretKey(ReadOnlySpan<byte> secretKey)
    {
        if (secretKey.Length != MlDsa65.SecretKeySize) throw MlDsa65.NotASecretKey();
        try
        {
            return new Signer(MLDsaPrivateKeyParameters.FromEncoding(MLDsaParameters.ml_dsa_65, secretKey.ToArray()));
        }
        catch (ArgumentException exception)
        {
            throw MlDsa65.NotASecretKey(exception);
        }
    }

    public IVerifier? OpenPublicKey(ReadOnlySpan<byte> publicKey) => publicKey.Length == MlDsa65.PublicKeySize
        ? new Verifier(MLDsaPublicKeyParameters.FromEncoding(MLDsaParameters.ml_dsa_65, publicKey.ToArray()))
        : null;

    /// <summary>The parsed key is shared; BouncyCastle's signers hold the state of one signature, so each call makes its own.</summary>
    private sealed class Signer(MLDsaPrivateKeyParameters key) : ISigner
    {
        public byte[] Sign(ReadOnlySpan<byte> message)
        {
            // FIPS 204 §3.4: hedged, since a repeat of the same message need not give the same signature.
            var signer = new MLDsaSigner(MLDsaParameters.ml_dsa_65, deterministic: false);
            signer.Init(forSigning: true, key);
            signer.BlockUpdate(message);
            return signer.GenerateSignature();
        }
    }

    private sealed class Verifier(MLDsaPublicKeyParameters key) : IVerifier
    {
        public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
        {
            if (signature.Length != MlDsa65.SignatureSize) return false;
            var verifier = new MLDsaSigner(MLDsaParameters.ml_dsa_65, deterministic: false);
            verifier.Init(forSigning: false, key);
            verifier.BlockUpdate(message);
            return verifier.VerifySignature(signature.ToArray());
        }
    }
}
