using System.Security.Cryptography;
using Smxp.Plugins.Signatures;

namespace Smxp.Signatures.MlDsa;

/// <summary>What both implementations agree on.</summary>
internal static class MlDsa65
{
    public const string Name = "ML-DSA-65";
    public const int PublicKeySize = 1952;
    public const int SignatureSize = 3309;

    /// <summary>The expanded form of FIPS 204 §4, which is also how the reference stores it.</summary>
    public const int SecretKeySize = 4032;

    public static ISignatureAlgorithm Create() => MLDsa.IsSupported ? new PlatformMlDsa65() : new BouncyCastleMlDsa65();

    public static ArgumentException NotASecretKey(Exception? inner = null) =>
        new($"An {Name} secret key is {SecretKeySize} bytes in expanded form.", inner);
}
