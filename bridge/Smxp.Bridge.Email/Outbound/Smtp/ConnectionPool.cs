namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>
/// Open sessions, kept for a moment for the next mail that may use the same. To one server only so many are open at a time; who comes later waits.
/// A timer closes what nobody wanted.
/// </summary>
internal sealed class ConnectionPool : IAsyncDisposable
{
    // Long enough for a burst, short enough that no server minds.
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    private readonly SmtpConnector _connector;
    private readonly OutboundSettings _settings;
    private readonly OutboundMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private bool _closed;

    public ConnectionPool(SmtpConnector connector, OutboundSettings settings, OutboundMetrics metrics, TimeProvider time)
    {
        (_connector, _settings, _metrics, _time) = (connector, settings, metrics, time);
        _timer = time.CreateTimer(static pool => ((ConnectionPool)pool!).CloseIdle(), this, Sweep, Sweep);
    }

    /// <summary>Takes a session, an open one where there is one and it may be; otherwise opens one.</summary>
    /// <exception cref="SmtpFault">There is no session to be had.</exception>
    public async Task<Rental> RentAsync(MailHost host, bool mayReuse, CancellationToken cancellationToken)
    {
        var lane = Enter(host.ConnectionKey);
        bool placed = false;
        try
        {
            await lane.Places.WaitAsync(cancellationToken);
            placed = true;
            while (mayReuse && Take(lane) is { } idle)
            {
                if (idle.IsStale)
                {
                    await idle.DisposeAsync();
                    continue;
                }

                _metrics.Reused();
                return new Rental(this, lane, idle, IsReused: true);
            }

            var connection = await _connector.OpenAsync(host, cancellationToken);
            _metrics.Connected();
            return new Rental(this, lane, connection, IsReused: false);
        }
        catch
        {
            if (placed) lane.Places.Release();
            Leave(lane);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        List<SmtpConnection> open;
        lock (_lock)
        {
            _closed = true;
            open = [.. _lanes.Values.SelectMany(static lane => lane.Idle).Select(static idle => idle.Connection)];
            _lanes.Clear();
        }

        await Task.WhenAll(open.Select(static connection => connection.CloseAsync()));
    }

    private Lane Enter(string key)
    {
        lock (_lock)
        {
            if (!_lanes.TryGetValue(key, out var lane)) _lanes[key] = lane = new Lane(key, _settings.ConnectionsPerHost);
            lane.Users++;
            return lane;
        }
    }

    private void Leave(Lane lane)
    {
        lock (_lock)
        {
            if (--lane.Users == 0 && lane.Idle.Count == 0) _lanes.Remove(lane.Key);
        }
    }

    // The last one that was put back: so a few stay in use when traffic falls, and the others age.
    private SmtpConnection? Take(Lane lane)
    {
        lock (_lock)
        {
            if (lane.Idle.Count == 0) return null;
            var connection = lane.Idle[^1].Connection;
            lane.Idle.RemoveAt(lane.Idle.Count - 1);
            return connection;
        }
    }

    private void PutBack(Lane lane, SmtpConnection connection)
    {
        bool keep = connection.IsUsable && connection.Mails < _settings.MailsPerConnection && _time.GetElapsedTime(connection.OpenedAt) < LongestLife;
        lock (_lock)
        {
            keep &= !_closed;
            if (keep) lane.Idle.Add(new IdleConnection(connection, _time.GetTimestamp()));
        }

        if (!keep) Close(connection);
        lane.Places.Release();
        Leave(lane);
    }

    private void CloseIdle()
    {
        long now = _time.GetTimestamp();
        List<SmtpConnection> old = [];
        lock (_lock)
        {
            foreach (var lane in _lanes.Values.ToList())
            {
                old.AddRange(lane.Idle.Where(idle => _time.GetElapsedTime(idle.Since, now) >= IdleTime).Select(static idle => idle.Connection));
                lane.Idle.RemoveAll(idle => _time.GetElapsedTime(idle.Since, now) >= IdleTime);
                if (lane.Users == 0 && lane.Idle.Count == 0) _lanes.Remove(lane.Key);
            }
        }

        foreach (var connection in old) Close(connection);
    }

    // Nobody waits for a farewell.
    private static void Close(SmtpConnection connection) => _ = connection.IsUsable ? connection.CloseAsync() : connection.DisposeAsync().AsTask();

    /// <summary>A session in somebody's hands.</summary>
    internal sealed record Rental(ConnectionPool Pool, Lane Lane, SmtpConnection Connection, bool IsReused) : IDisposable
    {
        public void Dispose() => Pool.PutBack(Lane, Connection);
    }

    internal sealed record IdleConnection(SmtpConnection Connection, long Since);

    internal sealed class Lane(string key, int width)
    {
        public string Key => key;

        public SemaphoreSlim Places { get; } = new(width, width);

        public List<IdleConnection> Idle { get; } = [];

        public int Users { get; set; }
    }
}
