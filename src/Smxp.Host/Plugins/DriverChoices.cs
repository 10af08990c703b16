using Smxp.Host.Configuration;

namespace Smxp.Host.Plugins;

/// <summary>A driver that configuration names, and the section its settings are read from.</summary>
internal sealed record DriverChoice(DriverName Driver, IConfigurationSection Settings, string Path, IReadOnlyList<string> Reserved);

/// <summary>Reads which drivers configuration names; the defaults are here, so that an empty configuration runs.</summary>
internal sealed class DriverChoices(IConfiguration configuration, SmxpOptions options, StartupProblems problems)
{
    /// <summary>The sections below <c>Smxp</c> that are read here rather than into <see cref="SmxpOptions"/>.</summary>
    public static readonly string[] Sections = ["Plugins", "Storage", "Dns", "Content", "Bridge"];

    private const string DriverKey = "Driver";

    private static readonly (string Key, string Slot, string Default)[] Storage =
        [("State", "storage.state", "sqlite"), ("Messages", "storage.messages", "sqlite"), ("Blobs", "storage.blobs", "files"), ("Events", "storage.events", "memory")];

    private readonly IConfigurationSection _smxp = configuration.GetSection(ConfigurationModule.Section);

    public IReadOnlyList<DriverChoice> Read() => [.. ReadStorage(), .. ReadList("Dns", "dns", "system"), .. ReadSignatures(), .. ReadList("Content", "content", "text", "markdown", "html", "forward"), .. ReadBridges()];

    private IEnumerable<DriverChoice> ReadStorage()
    {
        var section = _smxp.GetSection("Storage");
        foreach (var odd in section.GetChildren().Where(child => !Storage.Any(part => part.Key.Equals(child.Key, StringComparison.OrdinalIgnoreCase))))
            problems.Add(odd.Path, $"unknown setting; {NearestName.Suggest(odd.Key, Storage.Select(part => part.Key))}");
        foreach (var (key, slot, fallback) in Storage)
        {
            var settings = section.GetSection(key);
            yield return new(new(slot, settings[DriverKey] ?? fallback), settings, $"{settings.Path}:{DriverKey}", [DriverKey]);
        }
    }

    /// <summary>A list of names, or of sections with a name in <c>Driver</c> and settings beside it.</summary>
    private IEnumerable<DriverChoice> ReadList(string key, string slot, params string[] fallback)
    {
        var section = _smxp.GetSection(key);
        if (!section.GetChildren().Any())
        {
            if (!string.IsNullOrEmpty(section.Value)) problems.Add(section.Path, "expected a list, not one value");
            foreach (var name in fallback) yield return new(new(slot, name), NoSettings(section), section.Path, []);
            yield break;
        }

        foreach (var child in section.GetChildren())
        {
            if (child.Value is { Length: > 0 } name) yield return new(new(slot, name), NoSettings(child), child.Path, []);
            else if (child[DriverKey] is { Length: > 0 } driver) yield return new(new(slot, driver), child, $"{child.Path}:{DriverKey}", [DriverKey]);
            else problems.Add(child.Path, $"names no driver; write {DriverKey} here");
        }
    }

    private IEnumerable<DriverChoice> ReadSignatures()
    {
        var section = _smxp.GetSection("Signatures");
        var named = new[] { ("Default", options.Signatures.Default), ("Local", options.Signatures.Local) }.Concat(options.Signatures.Drivers.Select((name, i) => ($"Drivers:{i}", name)));
        return named.DistinctBy(pair => pair.Item2, StringComparer.Ordinal).Select(pair => new DriverChoice(new("signatures", pair.Item2), NoSettings(section), $"{section.Path}:{pair.Item1}", []));
    }

    /// <summary>Each section below <c>Bridge</c> is one bridge, on unless <c>Enabled</c> says otherwise. Email is on without being named.</summary>
    private IEnumerable<DriverChoice> ReadBridges()
    {
        var section = _smxp.GetSection("Bridge");
        foreach (var bridge in section.GetChildren().Select(child => child.Key).Append("Email").Distinct(StringComparer.OrdinalIgnoreCase).Select(section.GetSection))
        {
            var enabled = bridge["Enabled"];
            if (enabled is not null && !bool.TryParse(enabled, out _)) problems.Add($"{bridge.Path}:Enabled", $"'{enabled}' is not true or false");
            else if (enabled is null || bool.Parse(enabled)) yield return new(new("bridge", bridge.Key.ToLowerInvariant()), bridge, bridge.Path, ["Enabled"]);
        }
    }

    /// <summary>A section that is never there, for drivers named without settings.</summary>
    private static IConfigurationSection NoSettings(IConfigurationSection section) => new ConfigurationBuilder().Build().GetSection(section.Path);
}
