namespace Smxp.Mail.Smtp.Session;

/// <summary>How a deadline stands.</summary>
internal enum DeadlineState
{
    Open,
    Passed,
    LongPassed,
}

/// <summary>Until when a client may take its time. Set by the session, checked from the server's timer.</summary>
internal sealed class Deadline(TimeProvider time)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private long _at = long.MaxValue;

    /// <summary>Whether it has passed.</summary>
    public bool HasPassed => time.GetTimestamp() >= Volatile.Read(ref _at);

    public void Set(TimeSpan span) => Volatile.Write(ref _at, time.GetTimestamp() + Ticks(span));

    public void Clear() => Volatile.Write(ref _at, long.MaxValue);

    public DeadlineState Check(long now)
    {
        long at = Volatile.Read(ref _at);
        if (now < at) return DeadlineState.Open;
        return now - at < Ticks(Grace) ? DeadlineState.Passed : DeadlineState.LongPassed;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
