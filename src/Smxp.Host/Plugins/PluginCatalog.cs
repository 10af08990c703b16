using Smxp.Host.Configuration;
using Smxp.Plugins;

namespace Smxp.Host.Plugins;

/// <summary>Every plugin that is there to choose from: the manifests in the plugin folders, and no code.</summary>
internal sealed class PluginCatalog(IReadOnlyList<PluginManifest> manifests)
{
    public IReadOnlyList<PluginManifest> Manifests { get; } = manifests;

    /// <summary>Reads <c>Smxp:Plugins</c>: <c>Directory</c>, one folder of plugins or a list of them; relative ones lie beside the binary.</summary>
    public static PluginCatalog Read(IConfiguration configuration, StartupProblems problems)
    {
        var section = configuration.GetSection($"{ConfigurationModule.Section}:Plugins");
        foreach (var child in section.GetChildren().Where(child => !child.Key.Equals("Directory", StringComparison.OrdinalIgnoreCase)))
            problems.Add(child.Path, $"unknown setting; {NearestName.Suggest(child.Key, ["Directory"])}");

        var directory = section.GetSection("Directory");
        var listed = directory.GetChildren().Select(child => child.Value).Prepend(directory.Value).OfType<string>().Where(path => path.Length > 0).ToArray();
        var manifests = (listed.Length > 0 ? listed : ["plugins"]).SelectMany(path => ReadFolder(Path.GetFullPath(path, AppContext.BaseDirectory), directory.Path, problems)).ToArray();
        var catalog = new PluginCatalog(manifests);
        catalog.ReportDoubles(problems);
        return catalog;
    }

    /// <summary>The plugin that provides a driver; null where none does.</summary>
    public PluginManifest? Find(DriverName driver) => Manifests.FirstOrDefault(manifest => manifest.Provides.Contains(driver));

    /// <summary>The names there are for a slot.</summary>
    public IEnumerable<string> NamesFor(string slot) => Manifests.SelectMany(manifest => manifest.Provides).Where(driver => driver.Slot == slot).Select(driver => driver.Name).Distinct();

    private static IEnumerable<PluginManifest> ReadFolder(string folder, string setting, StartupProblems problems)
    {
        if (!System.IO.Directory.Exists(folder))
        {
            problems.Add(setting, $"there is no folder {folder}");
            yield break;
        }

        foreach (var plugin in System.IO.Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(plugin, PluginManifest.FileName);
            if (!File.Exists(path)) continue;
            if (PluginManifest.Read(path, out var problem) is { } manifest)
            {
                if (manifest.IsServed)
                    foreach (var odd in manifest.Provides.Where(driver => !PluginContract.Slots.ContainsKey(driver.Slot)))
                        problems.Add(path, $"provides '{odd}', but there is no such slot; {NearestName.Suggest(odd.Slot, PluginContract.Slots.Keys)}");
                yield return manifest;
            }
            else problems.Add(path, problem!);
        }
    }

    private void ReportDoubles(StartupProblems problems)
    {
        foreach (var driver in Manifests.SelectMany(manifest => manifest.Provides.Distinct(), (manifest, driver) => (manifest, driver)).GroupBy(pair => pair.driver).Where(group => group.Count() > 1))
            problems.Add(driver.Key.ToString(), $"provided by more than one plugin: {string.Join(", ", driver.Select(pair => $"{pair.manifest.Id} ({pair.manifest.Directory})"))}");
    }
}
