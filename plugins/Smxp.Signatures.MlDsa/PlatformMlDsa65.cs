using System.Collections.Concurrent;
using System.Security.Cryptography;
using Smxp.Plugins.Signatures;

namespace Smxp.Signatures.MlDsa;

/// <summary>ML-DSA-65 by the platform's cryptography (OpenSSL 3.5 and later, current Windows), several times faster than managed code.</summary>
internal sealed class PlatformMlDsa65 : ISignatureAlgorithm
{
    public string Name => MlDsa65.Name;

    public KeyPair GenerateKey()
    {
        using var key = MLDsa.GenerateKey(MLDsaAlgorithm.MLDsa65);
        return new KeyPair(key.ExportMLDsaPublicKey(), key.ExportMLDsaPrivateKey());
    }

    public ISigner OpenSecretKey(ReadOnlySpan<byte> secretKey)
    {
        byte[] copy = secretKey.ToArray();
        if (copy.Length != MlDsa65.SecretKeySize) throw MlDsa65.NotASecretKey();
        try
        {
            MLDsa.ImportMLDsaPrivateKey(MLDsaAlgorithm.MLDsa65, copy).Dispose();
        }
        catch (CryptographicException exception)
        {
            throw MlDsa65.NotASecretKey(exception);
        }

        return new Signer(() => MLDsa.ImportMLDsaPrivateKey(MLDsaAlgorithm.MLDsa65, copy));
    }

    public IVerifier? OpenPublicKey(ReadOnlySpan<byte> publicKey)
    {
        byte[] copy = publicKey.ToArray();
        return copy.Length == MlDsa65.PublicKeySize ? new Verifier(() => MLDsa.ImportMLDsaPublicKey(MLDsaAlgorithm.MLDsa65, copy)) : null;
    }

    /// <summary>The platform does not promise that one key object serves several threads, so each call has one to itself.</summary>
    private abstract class Keys(Func<MLDsa> import)
    {
        private readonly ConcurrentBag<MLDsa> _idle = [];

        protected MLDsa Take() => _idle.TryTake(out var key) ? key : import();

        protected void Return(MLDsa key) => _idle.Add(key);
    }

    private sealed class Signer(Func<MLDsa> import) : Keys(import), ISigner
    {
        public byte[] Sign(ReadOnlySpan<byte> message)
        {
            byte[] signature = new byte[MlDsa65.SignatureSize];
            var key = Take();
            key.SignData(message, signature);
            Return(key);
            return signature;
        }
    }

    private sealed class Verifier(Func<MLDsa> import) : Keys(import), IVerifier
    {
        public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
        {
            if (signature.Length != MlDsa65.SignatureSize) return false;
            var key = Take();
            bool isRight = key.VerifyData(message, signature);
            Return(key);
            return isRight;
        }
    }
}
