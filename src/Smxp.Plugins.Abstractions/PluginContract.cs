using Smxp.Plugins.Bridge;
using Smxp.Plugins.Content;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Signatures;
using Smxp.Plugins.Storage;

namespace Smxp.Plugins;

/// <summary>The contract version, and the slots a plugin can fill.</summary>
public static class PluginContract
{
    /// <summary>
    /// The version of these contracts, <c>major.minor</c>. A host serves plugins of the same major version whose minor version is not newer than its own.
    /// </summary>
    public static Version Version { get; } = new(1, 0);

    /// <summary>The slot names used in a manifest's <c>provides</c> (<c>slot/name</c>), by contract.</summary>
    public static IReadOnlyDictionary<string, Type> Slots { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["storage.state"] = typeof(IStateStore),
        ["storage.messages"] = typeof(IMessageStore),
        ["storage.blobs"] = typeof(IBlobStore),
        ["storage.events"] = typeof(IEventBus),
        ["dns"] = typeof(IDnsResolver),
        ["signatures"] = typeof(ISignatureAlgorithm),
        ["content"] = typeof(IContentType),
        ["bridge"] = typeof(IBridge),
    };
}
