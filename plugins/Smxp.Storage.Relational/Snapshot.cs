using LinqToDB.Data;

namespace Smxp.Storage.Relational;

/// <summary>One connection that reads, within one transaction.</summary>
internal sealed class Snapshot(DataConnection data, Statements statements)
{
    /// <summary>For LINQ.</summary>
    public DataConnection Data { get; } = data;

    /// <summary>For what every request asks.</summary>
    public Statements Statements { get; } = statements;
}
