using LinqToDB.Data;

namespace Smxp.Storage.Relational;

/// <summary>
/// LINQ over one open connection, made when it is first asked for. It is opened as something to dispose of and not as a <see cref="DataConnection"/>, because a generic type
/// made over that one loads linq2db at once, and an idle server needs nothing of it.
/// </summary>
internal sealed class LinqConnection(Func<IDisposable> open) : IDisposable
{
    private IDisposable? _made;

    public DataConnection Data => (DataConnection)(_made ??= open());

    public void Dispose() => _made?.Dispose();
}
