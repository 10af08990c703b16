using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins;
using Smxp.Plugins.Dns;

namespace Smxp.Dns.System;

/// <summary>The <c>system</c> resolver: asks the machine's name servers, or those it is given, over UDP and, where an answer is too large, TCP.</summary>
public sealed class SystemDnsPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) =>
        plugin.Driver<IDnsResolver, SystemDnsSettings>("system", (services, settings) =>
            new SystemDnsResolver(settings, services.GetService<TimeProvider>() ?? TimeProvider.System));
}
