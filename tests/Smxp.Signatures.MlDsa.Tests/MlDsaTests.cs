using System.Security.Cryptography;
using Smxp.Plugins.Conformance.Signatures;
using Smxp.Plugins.Signatures;

namespace Smxp.Signatures.MlDsa.Tests;

public sealed class BouncyCastleMlDsaTests : SignatureAlgorithmConformance
{
    protected override ISignatureAlgorithm Algorithm { get; } = new BouncyCastleMlDsa65();

    [Fact]
    public void Keys_have_the_sizes_of_the_standard()
    {
        var pair = Algorithm.GenerateKey();
        Assert.Equal(MlDsa65.PublicKeySize, pair.PublicKey.Length);
        Assert.Equal(MlDsa65.SecretKeySize, pair.SecretKey.Length);
        Assert.Equal(MlDsa65.SignatureSize, Algorithm.OpenSecretKey(pair.SecretKey).Sign([]).Length);
    }

    [Fact]
    public void The_platform_is_chosen_where_it_can() =>
        Assert.Equal(MLDsa.IsSupported ? typeof(PlatformMlDsa65) : typeof(BouncyCastleMlDsa65), MlDsa65.Create().GetType());
}

/// <summary>The same contract on the platform's implementation; skipped, by name, where the machine has none.</summary>
public sealed class PlatformMlDsaTests
{
    private readonly Contract _contract = new();

    [PlatformFact]
    public void Verifies_what_it_signs() => _contract.Verifies_what_it_signs();

    [PlatformFact]
    public void Refuses_another_message_another_key_and_a_changed_signature() => _contract.Refuses_another_message_another_key_and_a_changed_signature();

    [PlatformFact]
    public void Refuses_signatures_of_the_wrong_shape() => _contract.Refuses_signatures_of_the_wrong_shape();

    [PlatformFact]
    public void Refuses_keys_of_the_wrong_shape() => _contract.Refuses_keys_of_the_wrong_shape();

    [PlatformFact]
    public void Never_throws_on_a_strange_public_key() => _contract.Never_throws_on_a_strange_public_key();

    [PlatformFact]
    public void Serves_several_threads_with_one_signer_and_one_verifier() => _contract.Serves_several_threads_with_one_signer_and_one_verifier();

    [PlatformFact]
    public void Verifies_the_published_vectors() => _contract.Verifies_the_published_vectors();

    [PlatformFact]
    public void Signs_with_the_published_secret_key() => _contract.Signs_with_the_published_secret_key();

    [PlatformFact]
    public void Both_implementations_understand_each_other()
    {
        ISignatureAlgorithm platform = new PlatformMlDsa65(), managed = new BouncyCastleMlDsa65();
        var pair = platform.GenerateKey();
        byte[] signature = managed.OpenSecretKey(pair.SecretKey).Sign("m"u8);
        Assert.True(platform.OpenPublicKey(pair.PublicKey)!.Verify("m"u8, signature));
        Assert.True(managed.OpenPublicKey(pair.PublicKey)!.Verify("m"u8, platform.OpenSecretKey(pair.SecretKey).Sign("m"u8)));
    }

    private sealed class Contract : SignatureAlgorithmConformance
    {
        protected override ISignatureAlgorithm Algorithm { get; } = new PlatformMlDsa65();
    }

    private sealed class PlatformFactAttribute : FactAttribute
    {
        public PlatformFactAttribute() => Skip = MLDsa.IsSupported ? null : "This machine's cryptography has no ML-DSA (OpenSSL 3.5 has).";
    }
}
