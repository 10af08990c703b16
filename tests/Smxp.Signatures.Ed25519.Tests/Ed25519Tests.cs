using Smxp.Plugins.Conformance.Signatures;
using Smxp.Plugins.Signatures;

namespace Smxp.Signatures.Ed25519.Tests;

public sealed class Ed25519Tests : SignatureAlgorithmConformance
{
    protected override ISignatureAlgorithm Algorithm { get; } = new Ed25519Algorithm();

    // RFC 8032 §7.1, test 2.
    [Fact]
    public void Signs_as_the_standard_does()
    {
        byte[] seed = Convert.FromHexString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        byte[] publicKey = Convert.FromHexString("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        byte[] expected = Convert.FromHexString(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        Assert.Equal(expected, Algorithm.OpenSecretKey(seed).Sign([0x72]));
        Assert.True(Algorithm.OpenPublicKey(publicKey)!.Verify([0x72], expected));
    }

    [Fact]
    public void Takes_the_secret_key_with_the_public_key_behind_it()
    {
        var pair = Algorithm.GenerateKey();
        byte[] message = [1, 2, 3];
        Assert.Equal(
            Algorithm.OpenSecretKey(pair.SecretKey).Sign(message),
            Algorithm.OpenSecretKey([.. pair.SecretKey, .. pair.PublicKey]).Sign(message));
        Assert.Throws<ArgumentException>(() => Algorithm.OpenSecretKey([.. pair.SecretKey, .. pair.SecretKey]));
    }
}
