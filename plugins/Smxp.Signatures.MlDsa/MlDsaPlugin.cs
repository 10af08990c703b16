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
