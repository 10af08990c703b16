using System.Text.Json;
using Smxp.Plugins;

namespace Smxp.Host.Plugins;

/// <summary>What <c>plugin.json</c> says of a plugin, read without loading any of its code.</summary>
/// <param name="Id">Its name, for logs and messages.</param>
/// <param name="Directory">The folder it is in.</param>
/// <param name="AssemblyPath">The file to load.</param>
/// <param name="Entry">The full name of its entry point's class; null where that is to be looked for.</param>
/// <param name="Contract">The version of the contracts it was built against.</param>
/// <param name="Provides">The drivers it registers.</param>
internal sealed record PluginManifest(string Id, string Directory, string AssemblyPath, string? Entry, Version Contract, IReadOnlyList<DriverName> Provides)
{
    public const string FileName = "plugin.json";

    private sealed record Document(string? Id, string? Assembly, string? Entry, string? Contract, string?[]? Provides);

    /// <summary>Whether this host serves the contract it was written against: the same major version, and no newer minor one.</summary>
    public bool IsServed => Contract.Major == PluginContract.Version.Major && Contract.Minor <= PluginContract.Version.Minor;

    /// <summary>Reads a manifest; null where it is not one, and <paramref name="problem"/> says why.</summary>
    public static PluginManifest? Read(string path, out string? problem)
    {
        try
        {
            var document = JsonSerializer.Deserialize<Document>(File.ReadAllBytes(path), JsonSerializerOptions.Web);
            problem = document is null ? "is empty" : Complaint(document);
            if (problem is not null) return null;
            var directory = Path.GetDirectoryName(path)!;
            return new(document!.Id!, directory, Path.Combine(directory, document.Assembly!), document.Entry, Version.Parse(document.Contract!), [.. document.Provides!.Select(name => DriverName.TryParse(name)!)]);
        }
        catch (JsonException e)
        {
            problem = $"is not a manifest: malformed JSON at {e.Path ?? "$"}, line {e.LineNumber + 1}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"cannot be read: {e.Message}";
        }

        return null;
    }

    private static string? Complaint(Document document)
    {
        if (string.IsNullOrWhiteSpace(document.Id)) return "has no id";
        if (string.IsNullOrWhiteSpace(document.Assembly) || Path.GetFileName(document.Assembly) != document.Assembly) return "must name its assembly, a file in the same folder";
        if (document.Entry is not null && string.IsNullOrWhiteSpace(document.Entry)) return "has an empty entry; name the class that is its entry point, or leave it out";
        if (!Version.TryParse(document.Contract, out _)) return $"names no contract version, e.g. \"{PluginContract.Version}\"";
        if (document.Provides is not { Length: > 0 }) return "provides nothing";
        return document.Provides.FirstOrDefault(name => DriverName.TryParse(name) is null) is { } odd ? $"provides '{odd}', which is not slot/name" : null;
    }
}

/// <summary>A driver's full name: the slot it fills and its name there, <c>storage.messages/sqlite</c>.</summary>
internal sealed record DriverName(string Slot, string Name)
{
    public static DriverName? TryParse(string? text) =>
        text?.Split('/', 2) is [{ Length: > 0 } slot, { Length: > 0 } name] ? new(slot, name) : null;

    public override string ToString() => $"{Slot}/{Name}";
}
