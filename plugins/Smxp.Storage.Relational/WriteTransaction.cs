using LinqToDB.Data;

namespace Smxp.Storage.Relational;

/// <summary>One transaction that several changes share, and what they have in memory until it ends.</summary>
internal sealed class WriteTransaction(LinqConnection linq, Statements statements, IDatabase database)
{
    private readonly Dictionary<Type, object> _shared = [];
    private readonly List<Action> _beforeCommit = [];

    /// <summary>For LINQ. Made when first asked for: an idle server never loads what it takes.</summary>
    public DataConnection Data => linq.Data;

    /// <summary>For the few statements that run thousands of times a second.</summary>
    public Statements Statements { get; } = statements;

    public IDatabase Database { get; } = database;

    /// <summary>What the changes in this transaction share, e.g. counters that are written once at its end.</summary>
    public T Shared<T>(Func<WriteTransaction, T> create)
        where T : class
    {
        if (_shared.TryGetValue(typeof(T), out object? known)) return (T)known;
        T made = create(this);
        _shared.Add(typeof(T), made);
        return made;
    }

    /// <summary>Adds work for the end of the transaction, just before its commit.</summary>
    public void BeforeCommit(Action flush) => _beforeCommit.Add(flush);

    /// <summary>Called by the database before it commits.</summary>
    public void Flush()
    {
        foreach (Action flush in _beforeCommit) flush();
    }
}
