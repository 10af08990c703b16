using Smxp.Host.Configuration;

namespace Smxp.Host.Plugins;

/// <summary>
/// The plugins this configuration runs on. Manifests are read without loading code, only what configuration names is loaded, settings are bound before anything is
/// made; and whatever is wrong on the way is gathered, so that the operator reads one message and mends it all.
/// </summary>
internal sealed record PluginSet(PluginCatalog Catalog, IReadOnlyList<LoadedPlugin> Plugins, IReadOnlyList<ChosenDriver> Drivers)
{
    public static PluginSet Load(IConfiguration configuration, SmxpOptions options, StartupProblems problems)
    {
        var catalog = PluginCatalog.Read(configuration, problems);
        var choices = new DriverChoices(configuration, options, problems).Read();
        foreach (var twice in choices.GroupBy(choice => choice.Driver).Where(group => group.Count() > 1 && group.Key.Slot == "content"))
            problems.Add(twice.Last().Path, $"{twice.Key.Name} is named twice");

        var plugins = new Dictionary<PluginManifest, LoadedPlugin?>();
        var drivers = new List<ChosenDriver>();
        foreach (var choice in choices)
        {
            if (catalog.Find(choice.Driver) is not { } manifest)
            {
                problems.Add(choice.Path, $"there is no driver {choice.Driver.Name} for {choice.Driver.Slot}; {NearestName.Suggest(choice.Driver.Name, catalog.NamesFor(choice.Driver.Slot))}");
                continue;
            }

            if (!plugins.TryGetValue(manifest, out var plugin)) plugins[manifest] = plugin = LoadedPlugin.Load(manifest, problems);
            if (plugin is not null) drivers.Add(ChosenDriver.Bind(choice, plugin.Find(choice.Driver), problems));
        }

        return new(catalog, [.. plugins.Values.OfType<LoadedPlugin>()], drivers);
    }
}
