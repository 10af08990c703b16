using System.Data.Common;

namespace Smxp.Storage.Relational;

/// <summary>The prepared statements of one connection, by their text. Used by one thread at a time.</summary>
/// <remarks>
/// Commits and the reads of every request do not go through LINQ: building, translating and preparing a statement costs several times what running it does, and a
/// commit runs about fifteen. The SQL here is the portable core that SQLite, PostgreSQL and MySQL 8 share, parameters named <c>@p0</c>, <c>@p1</c>, ….
/// </remarks>
internal sealed class Statements(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, Statement> _prepared = new(StringComparer.Ordinal);

    /// <summary>The statement with this text; prepared on first use, kept until the connection is closed.</summary>
    public Statement this[string sql]
    {
        get
        {
            if (_prepared.TryGetValue(sql, out Statement? statement)) return statement;
            statement = new Statement(connection, sql);
            _prepared.Add(sql, statement);
            return statement;
        }
    }

    public void Dispose()
    {
        foreach (Statement statement in _prepared.Values) statement.Dispose();
        _prepared.Clear();
    }
}
