using Smxp.Host.Configuration;
using Smxp.Plugins;

namespace Smxp.Host.Plugins;

/// <summary>A plugin whose code was loaded, with what it registered.</summary>
internal sealed record LoadedPlugin(PluginManifest Manifest, PluginBuilder Registered)
{
    /// <summary>Loads a plugin and lets it register; null where it cannot be served, and the problems say why.</summary>
    public static LoadedPlugin? Load(PluginManifest manifest, StartupProblems problems)
    {
        if (!manifest.IsServed)
        {
            problems.Add(manifest.Directory, $"{manifest.Id} is written against contract {manifest.Contract}; this server has {PluginContract.Version} and serves {PluginContract.Version.Major}.0 to {PluginContract.Version}");
            return null;
        }

        if (!File.Exists(manifest.AssemblyPath))
        {
            problems.Add(manifest.Directory, $"{manifest.Id} names the assembly {Path.GetFileName(manifest.AssemblyPath)}, which is not there");
            return null;
        }

        var missing = PluginDependencies.FindMissing(manifest.AssemblyPath);
        if (missing.Count > 0)
        {
            problems.Add(manifest.Directory, $"{manifest.Id} lacks {string.Join(", ", missing)}, which it depends on");
            return null;
        }

        try
        {
            var plugin = new LoadedPlugin(manifest, new PluginBuilder());
            if (Entry(manifest, problems) is not { } entry) return null;
            using var own = PluginAssembly.Enter(entry.GetType().Assembly);
            entry.Register(plugin.Registered);
            return plugin.KeepsItsPromises(problems) ? plugin : null;
        }
        catch (Exception e)
        {
            // Whatever a plugin's code throws while it registers is the plugin's fault, and must not hide the other problems.
            problems.Add(manifest.Directory, $"{manifest.Id} failed to register: {Innermost(e)}");
            return null;
        }
    }

    private static IPlugin? Entry(PluginManifest manifest, StartupProblems problems)
    {
        var assembly = PluginAssembly.Load(manifest.AssemblyPath);
        if (manifest.Entry is { } name)
        {
            if (assembly.GetType(name) is { } named && IsEntry(named)) return (IPlugin)Activator.CreateInstance(named)!;
            problems.Add(manifest.Directory, $"{manifest.Id} names the entry {name}, which is no public class of {Path.GetFileName(manifest.AssemblyPath)} that implements {nameof(IPlugin)} and takes no arguments");
            return null;
        }

        // Looking at every type loads whatever library any of them is made of, needed or not: which is why a manifest may name the one.
        var entries = assembly.GetExportedTypes().Where(IsEntry).ToArray();
        if (entries is [var entry]) return (IPlugin)Activator.CreateInstance(entry)!;
        problems.Add(manifest.Directory, entries.Length == 0
            ? $"{manifest.Id} has no public class that implements {nameof(IPlugin)} and takes no arguments"
            : $"{manifest.Id} has more than one {nameof(IPlugin)}: {string.Join(", ", entries.Select(type => type.FullName))}");
        return null;
    }

    private static bool IsEntry(Type type) =>
        type is { IsVisible: true, IsClass: true, IsAbstract: false } && typeof(IPlugin).IsAssignableFrom(type) && type.GetConstructor(Type.EmptyTypes) is not null;

    /// <summary>Manifest and registration must say the same.</summary>
    private bool KeepsItsPromises(StartupProblems problems)
    {
        var before = problems.All.Count;
        foreach (var group in Registered.Drivers.GroupBy(NameOf).Where(group => group.Count() > 1)) problems.Add(Manifest.Directory, $"{Manifest.Id} registers {group.Key} twice");
        foreach (var promised in Manifest.Provides.Except(Registered.Drivers.Select(NameOf))) problems.Add(Manifest.Directory, $"{Manifest.Id} promises {promised} but does not register it");
        foreach (var surplus in Registered.Drivers.Select(NameOf).Except(Manifest.Provides)) problems.Add(Manifest.Directory, $"{Manifest.Id} registers {surplus}, which its manifest does not name");
        return problems.All.Count == before;
    }

    public RegisteredDriver Find(DriverName name) => Registered.Drivers.First(driver => NameOf(driver) == name);

    private static DriverName NameOf(RegisteredDriver driver) => new(PluginContract.Slots.FirstOrDefault(slot => slot.Value == driver.Contract).Key ?? driver.Contract.Name, driver.Name);

    private static string Innermost(Exception e) => e.GetBaseException().Message;
}
