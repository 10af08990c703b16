namespace Smxp.Benchmarks;

/// <summary>How soon the server answers, and what it holds while nobody asks.</summary>
internal static class Start
{
    private const int Times = 5;

    public static async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var report = new Report("run", "start to first healthy answer", "idle memory after 10 s");
        for (int i = 1; i <= Times; i++)
        {
            await using var host = await bench.StartHostAsync(cancellationToken, ("Smxp:Bridge:Email:Enabled", "true"), ("Smxp:Bridge:Email:Smtp:Listen:0", "127.0.0.1:0"));
            await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
            report.Row(Report.Number(i), Report.Milliseconds(host.StartTime), Report.Megabytes(host.ResidentBytes()));
        }
        report.Print();
    }
}
