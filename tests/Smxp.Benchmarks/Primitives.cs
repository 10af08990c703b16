using System.Diagnostics;
using NSec.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace Smxp.Benchmarks;

/// <summary>What one core can do of the bare cryptography: the measure the rest is put in relation to, so that results are ratios and not a machine's speed.</summary>
internal static class Primitives
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);
    private static readonly byte[] Message = new byte[1400];

    public static double Ed25519SignPerSecond()
    {
        using var key = Key.Create(SignatureAlgorithm.Ed25519);
        return Measure(() => SignatureAlgorithm.Ed25519.Sign(key, Message));
    }

    public static double Ed25519VerifyPerSecond()
    {
        using var key = Key.Create(SignatureAlgorithm.Ed25519);
        byte[] signature = SignatureAlgorithm.Ed25519.Sign(key, Message);
        return Measure(() => SignatureAlgorithm.Ed25519.Verify(key.PublicKey, Message, signature));
    }

    public static double MlDsaSignPerSecond()
    {
        var (_, secret) = NewMlDsaKey();
        return Measure(() => Sign(secret));
    }

    public static double MlDsaVerifyPerSecond()
    {
        var (publicKey, secret) = NewMlDsaKey();
        byte[] signature = Sign(secret);
        return Measure(() =>
        {
            var verifier = new MLDsaSigner(MLDsaParameters.ml_dsa_65, deterministic: false);
            verifier.Init(forSigning: false, publicKey);
            verifier.BlockUpdate(Message, 0, Message.Length);
            if (!verifier.VerifySignature(signature)) throw new InvalidOperationException("The signature does not verify.");
        });
    }

    private static (MLDsaPublicKeyParameters Public, MLDsaPrivateKeyParameters Secret) NewMlDsaKey()
    {
        var generator = new MLDsaKeyPairGenerator();
        generator.Init(new MLDsaKeyGenerationParameters(new SecureRandom(), MLDsaParameters.ml_dsa_65));
        var pair = generator.GenerateKeyPair();
        return ((MLDsaPublicKeyParameters)pair.Public, (MLDsaPrivateKeyParameters)pair.Private);
    }

    private static byte[] Sign(MLDsaPrivateKeyParameters secret)
    {
        var signer = new MLDsaSigner(MLDsaParameters.ml_dsa_65, deterministic: false);
        signer.Init(forSigning: true, secret);
        signer.BlockUpdate(Message, 0, Message.Length);
        return signer.GenerateSignature();
    }

    private static double Measure(Action operation)
    {
        for (int i = 0; i < 200; i++) operation();
        var watch = Stopwatch.StartNew();
        int count = 0;
        while (watch.Elapsed < Duration)
        {
            operation();
            count++;
        }
        return count / watch.Elapsed.TotalSeconds;
    }
}
