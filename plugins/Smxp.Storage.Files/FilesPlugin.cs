using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Files;

/// <summary>Blobs as files in a directory.</summary>
public sealed class FilesPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) =>
        plugin.Driver<IBlobStore, FilesSettings>("files", static (services, settings) =>
            new FileBlobStore(services.GetRequiredService<ServerPaths>().Resolve(settings.Directory)));
}
