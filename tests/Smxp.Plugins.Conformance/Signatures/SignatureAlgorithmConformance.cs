using System.Buffers.Text;
using System.Text;
using Smxp.Plugins.Signatures;
using Smxp.Protocol;
using Smxp.Protocol.Tests.Vectors;

namespace Smxp.Plugins.Conformance.Signatures;

/// <summary>What every signature algorithm must do, whoever wrote it. Derive, and hand in yours.</summary>
public abstract class SignatureAlgorithmConformance
{
    private static readonly byte[] Message = "a message"u8.ToArray();

    protected abstract ISignatureAlgorithm Algorithm { get; }

    private IEnumerable<VectorCase> Vectors => VectorCase.All.Where(c => c.Algorithm == Algorithm.Name);

    [Fact]
    public void Verifies_what_it_signs()
    {
        var pair = Algorithm.GenerateKey();
        byte[] signature = Algorithm.OpenSecretKey(pair.SecretKey).Sign(Message);
        var verifier = Algorithm.OpenPublicKey(pair.PublicKey);
        Assert.NotNull(verifier);
        Assert.True(verifier.Verify(Message, signature));
        Assert.True(verifier.Verify(Message, signature), "a verifier can be used again");
    }

    [Fact]
    public void Makes_a_new_key_each_time() =>
        Assert.NotEqual(Algorithm.GenerateKey().PublicKey, Algorithm.GenerateKey().PublicKey);

    [Fact]
    public void Refuses_another_message_another_key_and_a_changed_signature()
    {
        var pair = Algorithm.GenerateKey();
        byte[] signature = Algorithm.OpenSecretKey(pair.SecretKey).Sign(Message);
        var verifier = Algorithm.OpenPublicKey(pair.PublicKey)!;
        Assert.False(verifier.Verify("another message"u8, signature));
        Assert.False(Algorithm.OpenPublicKey(Algorithm.GenerateKey().PublicKey)!.Verify(Message, signature));
        for (int i = 0; i < signature.Length; i += Math.Max(1, signature.Length / 16))
        {
            byte[] changed = [.. signature];
            changed[i] ^= 1;
            Assert.False(verifier.Verify(Message, changed), $"byte {i}");
        }
    }

    [Fact]
    public void Refuses_signatures_of_the_wrong_shape()
    {
        var pair = Algorithm.GenerateKey();
        byte[] signature = Algorithm.OpenSecretKey(pair.SecretKey).Sign(Message);
        var verifier = Algorithm.OpenPublicKey(pair.PublicKey)!;
        Assert.False(verifier.Verify(Message, []));
        Assert.False(verifier.Verify(Message, [0]));
        Assert.False(verifier.Verify(Message, signature.AsSpan()[..^1]));
        Assert.False(verifier.Verify(Message, (byte[])[.. signature, 0]));
        Assert.False(verifier.Verify(Message, new byte[signature.Length]));
        Assert.False(verifier.Verify(Message, Enumerable.Repeat((byte)0xff, signature.Length).ToArray()));
    }

    [Fact]
    public void Refuses_keys_of_the_wrong_shape()
    {
        byte[] secretKey = Algorithm.GenerateKey().SecretKey;
        Assert.Null(Algorithm.OpenPublicKey([]));
        Assert.Null(Algorithm.OpenPublicKey(Algorithm.GenerateKey().PublicKey.AsSpan()[1..]));
        Assert.Throws<ArgumentException>(() => Algorithm.OpenSecretKey([]));
        Assert.Throws<ArgumentException>(() => Algorithm.OpenSecretKey(secretKey.AsSpan()[1..]));
    }

    [Fact]
    public void Never_throws_on_a_strange_public_key()
    {
        var random = new Random(20260101);
        byte[] signature = Algorithm.OpenSecretKey(Algorithm.GenerateKey().SecretKey).Sign(Message);
        byte[] publicKey = new byte[Algorithm.GenerateKey().PublicKey.Length];
        for (int i = 0; i < 50; i++)
        {
            Assert.NotEqual(true, Algorithm.OpenPublicKey(publicKey)?.Verify(Message, signature));
            random.NextBytes(publicKey);
        }
    }

    [Fact]
    public void Serves_several_threads_with_one_signer_and_one_verifier()
    {
        var pair = Algorithm.GenerateKey();
        var signer = Algorithm.OpenSecretKey(pair.SecretKey);
        var verifier = Algorithm.OpenPublicKey(pair.PublicKey)!;
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            byte[] message = Encoding.UTF8.GetBytes($"message {i}");
            byte[] signature = signer.Sign(message);
            Assert.True(verifier.Verify(message, signature));
            Assert.False(verifier.Verify(Message, signature));
        });
    }

    [Fact]
    public void Verifies_the_published_vectors()
    {
        var verifier = Algorithm.OpenPublicKey(VectorCase.Key(Algorithm.Name, "public_key"))!;
        foreach (var vector in Vectors) Assert.True(Verifies(vector, verifier) == vector.Valid, vector.Name);
    }

    [Fact]
    public void Signs_with_the_published_secret_key()
    {
        if (!Vectors.Any()) return;
        byte[] signature = Algorithm.OpenSecretKey(VectorCase.Key(Algorithm.Name, "secret_key")).Sign(Message);
        Assert.True(Algorithm.OpenPublicKey(VectorCase.Key(Algorithm.Name, "public_key"))!.Verify(Message, signature));
    }

    private static bool Verifies(VectorCase vector, IVerifier verifier)
    {
        if (!SignedEnvelope.TryParse(vector.WireBytes, out var envelope, out _)) return false;
        byte[] signature = new byte[envelope.Envelope.ServerSignature.Length];
        return Base64Url.IsValid(envelope.Envelope.ServerSignature)
            && Base64Url.TryDecodeFromChars(envelope.Envelope.ServerSignature, signature, out int length)
            && envelope.SignedTexts().Any(text => verifier.Verify(text.Span, signature.AsSpan(0, length)));
    }
}
