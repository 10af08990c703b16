namespace Smxp.Host.Memory;

/// <summary>Decides when a collection is worth its pause: nothing much goes on, and since the last one much was made. Asked at even intervals, by one caller at a time.</summary>
internal sealed class QuietMoment
{
    // In one interval. Keepalives, health checks and the like make less.
    private const long Busy = 1024 * 1024;
    private const long Worthwhile = 4 * 1024 * 1024;

    private long _seen;
    private long _collected;

    /// <summary>Whether to collect now; if so, it is taken as done.</summary>
    /// <param name="allocated">Bytes of all objects that were ever made.</param>
    /// <param name="inUse">Bytes of those that are there. A collection takes as long as these are many, so with them grows what must have been made before the next.</param>
    public bool IsDue(long allocated, long inUse)
    {
        long meanwhile = allocated - _seen;
        _seen = allocated;
        if (meanwhile > Busy || allocated - _collected < Math.Max(Worthwhile, inUse / 2)) return false;
        _collected = allocated;
        return true;
    }
}
