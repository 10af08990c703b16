using LinqToDB.Data;

namespace Smxp.Storage.Relational;

/// <summary>One connection that reads, within one transaction.</summary>
internal sealed class Snapshot(Lazy<DataConnection> data, Statements statements)
{
    /// <summary>For LINQ. Made when first asked for: an idle server never loads what it takes.</summary>
    public DataConnection Data => data.Value;

    /// <summary>For what every request asks.</summary>
    public Statements Statements { get; } = statements;
}
