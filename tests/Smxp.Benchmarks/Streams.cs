namespace Smxp.Benchmarks;

/// <summary>Idle event streams: memory of the process before and after a thousand of them.</summary>
internal static class Streams
{
    private const int WarmUp = 50;
    private const int Count = 1000;

    public static async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        DirectoryInfo data = Directory.CreateTempSubdirectory("smxp-bench-");
        try
        {
            await MeasureAsync(bench, ("Smxp:DataDirectory", data.FullName), cancellationToken);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(Bench bench, (string Path, string Value) kept, CancellationToken cancellationToken)
    {
        // Signing in takes tens of megabytes for a password, which the process gives back when it likes; so it is another process that is measured.
        IReadOnlyList<string> tokens;
        await using (BenchHost first = await bench.StartHostAsync(cancellationToken, kept))
            tokens = await first.AddInboxesAsync(Enumerable.Range(0, 10).Select(n => $"reader{n}@example.test"), cancellationToken);
        await using BenchHost host = await bench.StartHostAsync(cancellationToken, kept);
        var loads = tokens.Select(token => new ApiLoad(host, token, int.MaxValue)).ToArray();
        var open = new List<HttpResponseMessage>();

        for (int i = 0; i < WarmUp; i++) open.Add(await loads[i % loads.Length].OpenStreamAsync(cancellationToken));
        long before = await SettledAsync(host, cancellationToken);
        for (int i = 0; i < Count; i++) open.Add(await loads[i % loads.Length].OpenStreamAsync(cancellationToken));
        long after = await SettledAsync(host, cancellationToken);

        new Report("streams", "resident before", "after", "each")
            .Row(Report.Number(Count), Report.Megabytes(before), Report.Megabytes(after), $"{(after - before) / 1024.0 / Count:0.0} KB").Print();
        open.ForEach(each => each.Dispose());
    }

    /// <summary>Resident memory once it has stopped moving: the lowest of a few seconds, past the first keepalive.</summary>
    private static async Task<long> SettledAsync(BenchHost host, CancellationToken cancellationToken)
    {
        long lowest = long.MaxValue;
        for (int i = 0; i < 40; i++)
        {
            await Task.Delay(1000, cancellationToken);
            lowest = Math.Min(lowest, host.ResidentBytes());
        }
        return lowest;
    }
}
