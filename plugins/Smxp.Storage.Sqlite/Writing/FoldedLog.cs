using System.Data.Common;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Writing;

/// <summary>What a checkpoint came to (<see href="https://sqlite.org/pragma.html#pragma_wal_checkpoint"/>).</summary>
/// <param name="Pages">How many pages the log holds.</param>
/// <param name="Folded">How many of them are in the database too.</param>
internal readonly record struct FoldedLog(int Pages, int Folded)
{
    /// <summary>What only the log has.</summary>
    public int Left => Pages - Folded;

    public static FoldedLog From(Statement checkpoint)
    {
        using DbDataReader row = checkpoint.Read();
        // Where somebody else is at it, SQLite answers -1.
        return row.Read() ? new FoldedLog(Math.Max(0, row.GetInt32(1)), Math.Max(0, row.GetInt32(2))) : default;
    }
}
