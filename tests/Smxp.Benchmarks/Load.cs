using System.Diagnostics;

namespace Smxp.Benchmarks;

/// <summary>Runs one operation from several connections at once for a while, and counts.</summary>
internal static class Load
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <param name="connections">How many loops run at once; each does one operation after the other.</param>
    /// <param name="duration">How long, after the warm-up.</param>
    /// <param name="operation">One operation, of connection n.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<LoadResult> RunAsync(int connections, TimeSpan duration, Func<int, CancellationToken, Task> operation, CancellationToken cancellationToken)
    {
        await LoopAllAsync(connections, WarmUp, operation, cancellationToken);
        var watch = Stopwatch.StartNew();
        var times = await LoopAllAsync(connections, duration, operation, cancellationToken);
        return new LoadResult(times.Length / watch.Elapsed.TotalSeconds, times[times.Length / 2], times[times.Length * 99 / 100]);
    }

    /// <summary>The median time of an operation done alone.</summary>
    public static async Task<TimeSpan> MedianAsync(int times, Func<CancellationToken, Task> operation, CancellationToken cancellationToken)
    {
        var measured = new List<TimeSpan>();
        for (int i = 0; i < times + 5; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            await operation(cancellationToken);
            if (i >= 5) measured.Add(Stopwatch.GetElapsedTime(begin));
        }
        measured.Sort();
        return measured[measured.Count / 2];
    }

    private static async Task<TimeSpan[]> LoopAllAsync(int connections, TimeSpan duration, Func<int, CancellationToken, Task> operation, CancellationToken cancellationToken)
    {
        long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var loops = Enumerable.Range(0, connections).Select(n => Task.Run(() => LoopAsync(n, end, operation, cancellationToken), cancellationToken));
        TimeSpan[] times = [.. (await Task.WhenAll(loops)).SelectMany(each => each).Order()];
        return times.Length > 0 ? times : throw new InvalidOperationException("Not one operation ended in time.");
    }

    private static async Task<List<TimeSpan>> LoopAsync(int connection, long end, Func<int, CancellationToken, Task> operation, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>(100_000);
        while (Stopwatch.GetTimestamp() < end)
        {
            long begin = Stopwatch.GetTimestamp();
            await operation(connection, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(begin));
        }
        return times;
    }
}

/// <summary>What came of it.</summary>
/// <param name="PerSecond">Operations per second, of all connections together.</param>
/// <param name="Median">The time half of them took at most.</param>
/// <param name="P99">The time 99 of 100 took at most.</param>
internal sealed record LoadResult(double PerSecond, TimeSpan Median, TimeSpan P99);
