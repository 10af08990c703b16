using LinqToDB.Data;

namespace Smxp.Storage.Relational;

/// <summary>One connection that reads, within one transaction.</summary>
internal sealed class Snapshot(LinqConnection linq, Statements statements)
{
    /// <summary>For LINQ. Made when first asked for: an idle server never loads what it takes.</summary>
    public DataConnection Data => linq.Data;

    /// <summary>For what every request asks.</summary>
    public Statements Statements { get; } = statements;
}
