using System.Data.Common;

namespace Smxp.Storage.Relational;

/// <summary>A prepared statement.</summary>
internal sealed class Statement : IDisposable
{
    private readonly DbCommand _command;

    public Statement(DbConnection connection, string sql)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this assembly; values travel as parameters.
        _command.CommandText = sql;
#pragma warning restore CA2100
    }

    /// <summary>Runs it; answers how many rows changed.</summary>
    public int Execute(params ReadOnlySpan<object?> values) => Bind(values).ExecuteNonQuery();

    /// <summary>Runs it; answers the first column of the first row, null where there is no row.</summary>
    public object? Scalar(params ReadOnlySpan<object?> values) => Bind(values).ExecuteScalar() is { } value and not DBNull ? value : null;

    /// <summary>Runs it; the reader must be disposed before the statement runs again.</summary>
    public DbDataReader Read(params ReadOnlySpan<object?> values) => Bind(values).ExecuteReader();

    /// <inheritdoc cref="Read"/>
    public Task<DbDataReader> ReadAsync(ReadOnlySpan<object?> values, CancellationToken cancellationToken) => Bind(values).ExecuteReaderAsync(cancellationToken);

    /// <summary>Runs it; answers a first column of whole numbers.</summary>
    public async Task<List<long>> NumbersAsync(object?[] values, CancellationToken cancellationToken)
    {
        var numbers = new List<long>();
        await using DbDataReader row = await ReadAsync(values, cancellationToken);
        while (await row.ReadAsync(cancellationToken)) numbers.Add(row.GetInt64(0));
        return numbers;
    }

    /// <summary>Runs it; answers the whole number in the first column of the first row, null where there is none.</summary>
    public async Task<long?> NumberAsync(object?[] values, CancellationToken cancellationToken)
    {
        await using DbDataReader row = await ReadAsync(values, cancellationToken);
        return await row.ReadAsync(cancellationToken) && !row.IsDBNull(0) ? row.GetInt64(0) : null;
    }

    public void Dispose() => _command.Dispose();

    private DbCommand Bind(ReadOnlySpan<object?> values)
    {
        bool first = _command.Parameters.Count < values.Length;
        for (int i = _command.Parameters.Count; i < values.Length; i++)
        {
            DbParameter parameter = _command.CreateParameter();
            parameter.ParameterName = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"@p{i}");
            _command.Parameters.Add(parameter);
        }

        for (int i = 0; i < values.Length; i++) _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        if (first) _command.Prepare();
        return _command;
    }
}
