using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider;
using LinqToDB.DataProvider.SQLite;
using Microsoft.Data.Sqlite;

namespace Smxp.Storage.Sqlite;

/// <summary>LINQ over one open connection.</summary>
internal static class SqliteProvider
{
    private static readonly IDataProvider Provider = SQLiteTools.GetDataProvider(SQLiteProvider.Microsoft);

    public static Lazy<DataConnection> Over(SqliteConnection connection) => new(() => Open(connection));

    private static DataConnection Open(SqliteConnection connection) => new(new DataOptions().UseConnection(Provider, connection, false));
}
