namespace Smxp.Benchmarks;

/// <summary>Local sends: one request is one signature and one durable commit of two rows.</summary>
internal static class Send
{
    public static async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var report = new Report("Signatures:Local", "sends/s", "median", "99 %", "one core signs", "ratio");
        foreach (var (algorithm, primitive) in new (string, Func<double>)[] { ("Ed25519", Primitives.Ed25519SignPerSecond), ("ML-DSA-65", Primitives.MlDsaSignPerSecond) })
        {
            double signatures = primitive();
            var result = await MeasureAsync(bench, algorithm, cancellationToken);
            report.Row(algorithm, Report.Number(result.PerSecond), Report.Milliseconds(result.Median), Report.Milliseconds(result.P99), Report.Number(signatures), Report.Number(result.PerSecond / signatures));
        }
        report.Print();
    }

    private static async Task<LoadResult> MeasureAsync(Bench bench, string algorithm, CancellationToken cancellationToken)
    {
        int connections = bench.Options.Connections;
        await using var host = await bench.StartHostAsync(cancellationToken, ("Smxp:Signatures:Local", algorithm));
        var senders = Enumerable.Range(0, connections).Select(n => $"sender{n}@example.test");
        var tokens = await host.AddInboxesAsync([.. senders, "bob@example.test"], cancellationToken);
        var loads = tokens.Take(connections).Select(token => new ApiLoad(host, token, 1)).ToArray();
        int sent = 0;
        return await Load.RunAsync(connections, bench.Options.Duration, (n, cancel) =>
            loads[n].SendAsync(ApiLoad.Message("bob@example.test", $"conversation-{Interlocked.Increment(ref sent) / 10}-{n}"), cancel), cancellationToken);
    }
}
