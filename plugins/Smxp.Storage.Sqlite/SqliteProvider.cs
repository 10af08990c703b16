using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider;
using LinqToDB.DataProvider.SQLite;
using Microsoft.Data.Sqlite;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite;

/// <summary>LINQ over one open connection.</summary>
internal static class SqliteProvider
{
    private static readonly IDataProvider Provider = SQLiteTools.GetDataProvider(SQLiteProvider.Microsoft);

    public static LinqConnection Over(SqliteConnection connection) => new(() => Open(connection));

    private static DataConnection Open(SqliteConnection connection) => new(new DataOptions().UseConnection(Provider, connection, false));
}
