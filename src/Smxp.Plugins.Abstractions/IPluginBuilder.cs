using Microsoft.Extensions.Hosting;

namespace Smxp.Plugins;

/// <summary>What a plugin registers with.</summary>
public interface IPluginBuilder
{
    /// <summary>Offers a driver under a name that configuration can choose, e.g. <c>Driver&lt;IMessageStore, SqliteSettings&gt;("sqlite", …)</c>.</summary>
    /// <typeparam name="TContract">One of the contracts of <see cref="PluginContract"/>.</typeparam>
    /// <typeparam name="TSettings">
    /// The settings class. It is bound strictly from the section that names the driver (a key it has no property for is an error),
    /// then checked by its <c>System.ComponentModel.DataAnnotations</c> attributes and, where it has it, <see cref="IValidatedSettings"/>.
    /// </typeparam>
    /// <param name="name">The driver's name; it must stand in the manifest's <c>provides</c>.</param>
    /// <param name="create">Makes the driver: once, at start, only if configuration names it. The provider resolves the host's services and the drivers it may depend on.</param>
    void Driver<TContract, TSettings>(string name, Func<IServiceProvider, TSettings, TContract> create)
        where TContract : class
        where TSettings : class, new();

    /// <summary>Adds work that runs from start to shutdown. Started after the drivers, stopped before them.</summary>
    void HostedService(Func<IServiceProvider, IHostedService> create);
}
