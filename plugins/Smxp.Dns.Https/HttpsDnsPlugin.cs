using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins;
using Smxp.Plugins.Dns;

namespace Smxp.Dns.Https;

/// <summary>The <c>https</c> resolver: asks DNS-over-HTTPS servers, in the wire format of RFC 8484 or in the JSON form that the reference uses (SMXP §7).</summary>
public sealed class HttpsDnsPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) =>
        plugin.Driver<IDnsResolver, HttpsDnsSettings>("https", (services, settings) =>
            new HttpsDnsResolver(settings, services.GetService<TimeProvider>() ?? TimeProvider.System));
}
