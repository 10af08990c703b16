using Smxp.Plugins;
using Smxp.Plugins.Storage;

namespace Smxp.Events.Memory;

/// <summary>Wake-ups within one process: the event bus of a server that runs as a single node.</summary>
public sealed class MemoryEventsPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin) =>
        plugin.Driver<IEventBus, NoSettings>("memory", static (_, _) => new MemoryEventBus());
}
