using System.Data.Common;
using System.Reflection;
using FluentMigrator.Runner;
using FluentMigrator.Runner.Initialization;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Storage.Relational;
using Smxp.Storage.Relational.Migrations;

namespace Smxp.Storage.Sqlite;

/// <summary>Brings a database's schema up to what this binary knows, and refuses one that knows more.</summary>
internal static class SqliteSchema
{
    /// <summary>The shared versions, and full-text search.</summary>
    internal static readonly KnownMigrations Known = new([.. KnownMigrations.Shared, (2026_01_05, SchemaTags.Messages)]);

    /// <summary>Where the migrations are.</summary>
    internal static readonly Assembly[] Assemblies = [typeof(SchemaTags).Assembly, typeof(SqliteSchema).Assembly];

    public static void BringUpToDate(SqliteFile file, string schema)
    {
        HashSet<long> applied = ReadApplied(file);
        Known.RefuseNewer(applied, $"The database {file.Path}");
        // Asking first saves the migration runner's start on every start but the first.
        if (!Known.IsUpToDate(schema, applied)) Migrate(file, schema);
    }

    private static void Migrate(SqliteFile file, string schema)
    {
        using ServiceProvider services = new ServiceCollection()
            .AddFluentMigratorCore()
            .ConfigureRunner(runner => runner.AddSQLite().WithGlobalConnectionString(file.ConnectionString).ScanIn(Assemblies).For.Migrations())
            .Configure<RunnerOptions>(options => options.Tags = [schema])
            .BuildServiceProvider();
        services.GetRequiredService<IMigrationRunner>().MigrateUp();
    }

    private static HashSet<long> ReadApplied(SqliteFile file)
    {
        using var connection = file.OpenForWriting();
        using var statements = new Statements(connection);
        if (statements["SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'VersionInfo'"].Scalar() is null) return [];
        var applied = new HashSet<long>();
        using DbDataReader row = statements["SELECT Version FROM VersionInfo"].Read();
        while (row.Read()) applied.Add(row.GetInt64(0));
        return applied;
    }
}
