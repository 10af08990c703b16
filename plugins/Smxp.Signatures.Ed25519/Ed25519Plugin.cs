using Smxp.Plugins;
using Smxp.Plugins.Signatures;

namespace Smxp.Signatures.Ed25519;

/// <summary>Offers Ed25519 (RFC 8032) by NSec and libsodium: small and fast, for what never leaves this server (SMXP §5).</summary>
public sealed class Ed25519Plugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) =>
        plugin.Driver<ISignatureAlgorithm, NoSettings>(Ed25519Algorithm.WireName, static (_, _) => new Ed25519Algorithm());
}
