using Microsoft.Extensions.Logging.Abstractions;
using Smxp.Storage.Relational;
using Smxp.Storage.Relational.Migrations;

namespace Smxp.Storage.Sqlite.Tests;

/// <summary>Opens drivers over files.</summary>
internal static class Databases
{
    public static SqliteDatabase Messages(string path) => new(path, SchemaTags.Messages, NullLoggerFactory.Instance);

    public static async Task<MessageDriver> OpenMessagesAsync(string path)
    {
        var driver = new MessageDriver(Messages(path));
        await driver.StartAsync(CancellationToken.None);
        return driver;
    }

    public static async Task<StateDriver> OpenStateAsync(string path)
    {
        var driver = new StateDriver(new SqliteDatabase(path, SchemaTags.State, NullLoggerFactory.Instance));
        await driver.StartAsync(CancellationToken.None);
        return driver;
    }
}
