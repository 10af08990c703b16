using System.Text.Json;

namespace Smxp.Host.Plugins;

/// <summary>Looks, without loading anything, whether the files a plugin was built with came along: a library that is missed at start is better than one missed at three in the morning.</summary>
internal static class PluginDependencies
{
    /// <summary>The names of libraries that the plugin's <c>deps.json</c> lists and nobody has; empty where there is no such file.</summary>
    public static IReadOnlyList<string> FindMissing(string assemblyPath)
    {
        var path = Path.ChangeExtension(assemblyPath, ".deps.json");
        if (!File.Exists(path)) return [];
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. Assets(document.RootElement).Where(asset => !IsThere(Path.GetDirectoryName(path)!, asset)).Select(asset => Path.GetFileName(asset)).Distinct()];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Assets(JsonElement root) =>
        from target in root.GetProperty("targets").EnumerateObject()
        from library in target.Value.EnumerateObject()
        where library.Value.TryGetProperty("runtime", out _)
        from asset in library.Value.GetProperty("runtime").EnumerateObject()
        select asset.Name;

    private static bool IsThere(string folder, string asset)
    {
        var name = Path.GetFileName(asset);
        return File.Exists(Path.Combine(folder, name)) || File.Exists(Path.Combine(folder, asset)) || File.Exists(Path.Combine(AppContext.BaseDirectory, name))
            || File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name));
    }
}
