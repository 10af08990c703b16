namespace Smxp.Benchmarks;

/// <summary>What a scenario works with.</summary>
internal sealed class Bench(BenchOptions options)
{
    public BenchOptions Options { get; } = options;

    /// <summary>The host that was named, or a fresh one on an empty data folder, with the settings given over those of the command line.</summary>
    public Task<BenchHost> StartHostAsync(CancellationToken cancellationToken, params (string Path, string Value)[] settings) =>
        BenchHost.StartAsync(Options, settings, cancellationToken);
}

/// <summary>The command line.</summary>
internal sealed record BenchOptions
{
    public Uri? Url { get; private init; }

    /// <summary>The host's assembly, e.g. of a published one; null for the one that was built with the benchmarks.</summary>
    public string? Host { get; private init; }

    public string AdminSecret { get; private init; } = "benchmark";
    public TimeSpan Duration { get; private init; } = TimeSpan.FromSeconds(10);
    public int Connections { get; private init; } = 8;

    /// <summary>What belongs to the scenario: arguments without a name.</summary>
    public IReadOnlyList<string> Positional { get; private init; } = [];

    /// <summary>Settings for the host, as <c>Smxp:Path</c>.</summary>
    public IReadOnlyList<(string Path, string Value)> Settings { get; private init; } = [];

    public static BenchOptions Parse(string[] args)
    {
        string[] positional = [.. args.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal))];
        var options = new BenchOptions { Positional = positional };
        for (int i = positional.Length; i + 1 < args.Length; i += 2)
        {
            string value = args[i + 1];
            options = args[i] switch
            {
                "--url" => options with { Url = new Uri(value) },
                "--host" => options with { Host = value },
                "--admin-secret" => options with { AdminSecret = value },
                "--seconds" => options with { Duration = TimeSpan.FromSeconds(int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)) },
                "--connections" => options with { Connections = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
                _ => options with { Settings = [.. options.Settings, (args[i].TrimStart('-'), value)] },
            };
        }
        return options;
    }
}
