using System.Security.Cryptography;
using Smxp.Plugins;
using Smxp.Plugins.Signatures;

namespace Smxp.Signatures.MlDsa;

/// <summary>
/// Offers ML-DSA-65 (FIPS 204, pure, empty context), the algorithm every SMXP server verifies (SMXP §5). The platform's own
/// implementation is used where the machine has one, BouncyCastle's otherwise; keys and signatures are the same bytes with both.
/// </summary>
public sealed class MlDsaPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.Driver<ISignatureAlgorithm, NoSettings>(MlDsa65.Name, static (_, _) => MlDsa65.Create());
}

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
