namespace Smxp.Storage.Sqlite;

/// <summary>Where the database is.</summary>
public sealed class SqliteSettings
{
    /// <summary>The file, absolute or below the server's data directory; <c>state.db</c> or <c>messages.db</c> where nothing is said. Made where it does not exist.</summary>
    public string? Path { get; set; }
}
