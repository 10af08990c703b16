using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using McMaster.NETCore.Plugins;
using Smxp.Plugins;
using Smxp.Protocol;

namespace Smxp.Host.Plugins;

/// <summary>A plugin's code in a load context of its own. Only the contracts are shared, so that two plugins may use two versions of one library.</summary>
internal static class PluginAssembly
{
    private static readonly Type[] Shared = [typeof(IPlugin), typeof(Address), typeof(IServiceCollection), typeof(IHostedService), typeof(ILogger)];

    /// <summary>By path, for the life of the process: code with native parts cannot be unloaded, so a second host in one process shares the first one's.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<Assembly>> Loaded = new(StringComparer.Ordinal);

    public static Assembly Load(string path) => Loaded.GetOrAdd(path, static path => new Lazy<Assembly>(() => LoadNew(path))).Value;

    /// <summary>Until disposed, libraries that load by name on this path of execution find the plugin's own files. Needed where plugin code runs that the host calls.</summary>
    public static IDisposable Enter(Assembly assembly) => AssemblyLoadContext.EnterContextualReflection(assembly);

    private static Assembly LoadNew(string path)
    {
        // Lazily: what the shared ones refer to is shared too, but is loaded when it is needed and not, all of it, for every plugin.
        var loader = PluginLoader.CreateFromAssemblyFile(path, isUnloadable: false, Shared, config => config.IsLazyLoaded = true);

        // The loader goes by the runtime identifier graph, which .NET no longer ships, and so misses what lies under runtimes/<rid>/. The runtime's own resolver finds it.
        var resolver = new AssemblyDependencyResolver(path);
        loader.LoadContext.ResolvingUnmanagedDll += (_, name) => resolver.ResolveUnmanagedDllToPath(name) is { } native ? System.Runtime.InteropServices.NativeLibrary.Load(native) : 0;
        loader.LoadContext.Resolving += (context, name) => resolver.ResolveAssemblyToPath(name) is { } managed ? context.LoadFromAssemblyPath(managed) : null;
        return loader.LoadDefaultAssembly();
    }
}
