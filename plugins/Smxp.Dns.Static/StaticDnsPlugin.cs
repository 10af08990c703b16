using Smxp.Plugins;
using Smxp.Plugins.Dns;

namespace Smxp.Dns.Static;

/// <summary>The <c>static</c> resolver: endpoints that an operator pins to domains, in place of their SVCB records.</summary>
public sealed class StaticDnsPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) =>
        plugin.Driver<IDnsResolver, StaticDnsSettings>("static", (_, settings) => new StaticDnsResolver(settings));
}
