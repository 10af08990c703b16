using System.Reflection;
using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>The schema versions this binary knows, read from its migrations without running them.</summary>
internal sealed class KnownMigrations(params IReadOnlyList<Assembly> assemblies)
{
    private readonly (long Version, string[] Tags)[] _all =
    [
        .. from assembly in assemblies
           from type in assembly.GetTypes()
           let migration = type.GetCustomAttribute<MigrationAttribute>()
           where migration is not null
           select (migration.Version, type.GetCustomAttributes<TagsAttribute>().SelectMany(static tags => tags.TagNames).ToArray()),
    ];

    /// <summary>Whether a database with these versions has everything of a tag.</summary>
    public bool IsUpToDate(string tag, IReadOnlySet<long> applied) =>
        _all.Where(migration => migration.Tags.Contains(tag)).All(migration => applied.Contains(migration.Version));

    /// <summary>Refuses a database that a newer binary has changed: this one would not understand what it reads, and might spoil it.</summary>
    public void RefuseNewer(IReadOnlySet<long> applied, string where)
    {
        long[] unknown = [.. applied.Except(_all.Select(static migration => migration.Version)).Order()];
        if (unknown.Length > 0)
            throw new InvalidOperationException($"{where} has schema version {unknown[^1]}, which this version of Smxp does not know. Run the newer version that made it, or restore a backup.");
    }
}
