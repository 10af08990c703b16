using System.Security.Cryptography;

namespace Smxp.Host.Delivery;

/// <summary>When a deferred message is tried again: soon at first, then ever more patiently (E-mail's habit, RFC 5321 §4.5.4.1), never two servers in step.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan[] Patient =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4),
    ];

    // An SMXP peer that restarts is back within seconds; a mail server that greylists is not.
    private static readonly TimeSpan[] Quick = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), .. Patient];

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    /// <summary>How long to wait after the attempt that follows <paramref name="attempts"/> earlier ones.</summary>
    public static TimeSpan DelayAfter(int attempts, string? transport, TimeSpan? retryAfter)
    {
        TimeSpan[] steps = transport is null or "smxp" ? Quick : Patient;
        TimeSpan step = steps[Math.Clamp(attempts, 0, steps.Length - 1)];
        TimeSpan delay = step * (0.9 + (RandomNumberGenerator.GetInt32(0, 2001) / 10_000.0));
        if (retryAfter is not { } asked || asked <= delay) return delay;
        return asked < LongestPause ? asked : LongestPause;
    }
}
