using System.Threading.Tasks.Sources;

namespace Smxp.Host.Stream;

/// <summary>Why a stream was woken.</summary>
[Flags]
internal enum WakeReasons
{
    None = 0,

    /// <summary>The mailbox has something new.</summary>
    Changed = 1,

    /// <summary>Time to show that the line is alive.</summary>
    KeepAlive = 2,

    /// <summary>Some token was revoked; perhaps this stream's.</summary>
    Check = 4,

    /// <summary>The reader is gone, or the server stops.</summary>
    End = 8,
}

/// <summary>What a stream sleeps on: one waiter, reasons gathered while it is awake, and not an allocation per sleep, since a thousand streams sleep most of the time.</summary>
internal sealed class Wakeup : IValueTaskSource<WakeReasons>
{
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<WakeReasons> _core = new() { RunContinuationsAsynchronously = true };
    private WakeReasons _pending;
    private bool _waiting;

    /// <summary>Wakes the waiter, now or when it next waits. Returns at once.</summary>
    public void Set(WakeReasons reasons)
    {
        lock (_lock)
        {
            _pending |= reasons;
            if (!_waiting) return;
            _waiting = false;
            reasons = _pending;
            _pending = WakeReasons.None;
        }

        _core.SetResult(reasons);
    }

    /// <summary>Waits for reasons; one caller at a time.</summary>
    public ValueTask<WakeReasons> WaitAsync()
    {
        lock (_lock)
        {
            if (_pending != WakeReasons.None)
            {
                WakeReasons reasons = _pending;
                _pending = WakeReasons.None;
                return ValueTask.FromResult(reasons);
            }

            _core.Reset();
            _waiting = true;
            return new ValueTask<WakeReasons>(this, _core.Version);
        }
    }

    WakeReasons IValueTaskSource<WakeReasons>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<WakeReasons>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<WakeReasons>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
