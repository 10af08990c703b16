using System.Collections.Concurrent;
using Smxp.Host.Auth;
using Smxp.Host.Telemetry;

namespace Smxp.Host.Stream;

/// <summary>Knows the open streams, so that one timer serves all of them, and so that all of them end when the server stops.</summary>
internal sealed class StreamHub : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private const int BeatsPerKeepAlive = 30;
    private readonly ConcurrentDictionary<Wakeup, byte> _open = new();
    private readonly CallerCache _callers;
    private readonly CancellationTokenRegistration _stopping;
    private readonly ITimer _timer;
    private volatile bool _stopped;
    private int _generation;
    private int _beats;

    public StreamHub(CallerCache callers, IHostApplicationLifetime lifetime, SmxpMetrics metrics, TimeProvider time)
    {
        _callers = callers;
        _generation = callers.Generation;
        _stopping = lifetime.ApplicationStopping.Register(Stop);
        metrics.Meter.CreateObservableGauge("smxp.streams", () => _open.Count, "{stream}", "Open streams");
        _timer = time.CreateTimer(static hub => ((StreamHub)hub!).OnBeat(), this, Beat, Beat);
    }

    /// <summary>How many streams are open.</summary>
    public int Count => _open.Count;

    /// <summary>Whether the server stops.</summary>
    public bool IsStopping => _stopped;

    public void Add(Wakeup stream)
    {
        _open.TryAdd(stream, 0);
        if (_stopped) stream.Set(WakeReasons.End);
    }

    public void Remove(Wakeup stream) => _open.TryRemove(stream, out _);

    public void Dispose()
    {
        _timer.Dispose();
        _stopping.Dispose();
    }

    private void OnBeat()
    {
        var reasons = WakeReasons.None;
        if (++_beats % BeatsPerKeepAlive == 0) reasons |= WakeReasons.KeepAlive;
        // Every revocation on this node changes the generation; those of other nodes show at the next keep-alive.
        if (_callers.Generation is var generation && generation != _generation)
        {
            _generation = generation;
            reasons |= WakeReasons.Check;
        }

        if (reasons != WakeReasons.None) SetAll(reasons);
    }

    private void Stop()
    {
        _stopped = true;
        SetAll(WakeReasons.End);
    }

    private void SetAll(WakeReasons reasons)
    {
        foreach (KeyValuePair<Wakeup, byte> stream in _open) stream.Key.Set(reasons);
    }
}
