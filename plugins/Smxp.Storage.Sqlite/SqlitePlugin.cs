using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Smxp.Plugins;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Storage.Relational;
using Smxp.Storage.Relational.Migrations;

namespace Smxp.Storage.Sqlite;

/// <summary>State and messages in SQLite files: what a server runs on until it is told otherwise.</summary>
public sealed class SqlitePlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin)
    {
        plugin.Driver<IStateStore, SqliteSettings>("sqlite", static (services, settings) => new StateDriver(Open(services, settings.Path ?? "state.db", SchemaTags.State)));
        plugin.Driver<IMessageStore, SqliteSettings>("sqlite", static (services, settings) => new MessageDriver(Open(services, settings.Path ?? "messages.db", SchemaTags.Messages)));
    }

    private static SqliteDatabase Open(IServiceProvider services, string path, string schema) =>
        new(services.GetRequiredService<ServerPaths>().Resolve(path), schema, services.GetRequiredService<ILoggerFactory>());
}
