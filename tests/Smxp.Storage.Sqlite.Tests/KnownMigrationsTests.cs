using System.Reflection;
using FluentMigrator;

namespace Smxp.Storage.Sqlite.Tests;

public sealed class KnownMigrationsTests
{
    [Fact]
    public void Lists_every_migration_with_its_tag()
    {
        IEnumerable<(long, string)> written =
            from assembly in SqliteSchema.Assemblies
            from type in assembly.GetTypes()
            let migration = type.GetCustomAttribute<MigrationAttribute>()
            where migration is not null
            select (migration.Version, type.GetCustomAttribute<TagsAttribute>()!.TagNames.Single());
        Assert.Equal(written.Order(), SqliteSchema.Known.All.Order());
    }
}
