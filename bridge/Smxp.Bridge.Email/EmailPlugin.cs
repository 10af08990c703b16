using Smxp.Plugins;
using Smxp.Plugins.Bridge;

namespace Smxp.Bridge.Email;

/// <summary>Offers the bridge to email.</summary>
public sealed class EmailPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) => plugin.Driver<IBridge, EmailSettings>("email", EmailBridge.Create);
}
