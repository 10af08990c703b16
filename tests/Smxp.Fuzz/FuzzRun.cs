using System.Diagnostics;
using System.Globalization;

namespace Smxp.Fuzz;

/// <summary>Runs case after case against one target until its time or number is up, or one fails.</summary>
internal sealed class FuzzRun(IFuzzTarget target, FuzzOptions options, TextWriter output)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMinutes(1);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly MemoryWatch _memory = new();

    /// <summary>How many cases were run.</summary>
    public long Count { get; private set; }

    /// <summary>Runs; answers what went wrong, or null.</summary>
    public async Task<string?> RunAsync()
    {
        byte[][] corpus = options.Corpus is { } folder ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(ReadStart)] : [];
        var mutator = new Mutator([.. target.Seeds, .. corpus], target.Words, options.Seed);
        output.WriteLine($"{options.Target}: {target.Seeds.Count + corpus.Length} seeds, seed {options.Seed}");
        using var cases = new CaseFolder(options.Out, options.Target);
        string? problem = await RunAsync(mutator, cases);
        output.WriteLine(problem is null ? $"{options.Target}: {Count} cases in {_watch.Elapsed.TotalSeconds:F0} s, nothing found; {MemoryWatch.Describe()}" : $"{options.Target}: {problem}");
        return problem;
    }

    private async Task<string?> RunAsync(Mutator mutator, CaseFolder cases)
    {
        var (reported, countThen) = (TimeSpan.Zero, 0L);
        // The first minute, or half of a run that is shorter, is for everything to get warm.
        var nextCheck = options.Duration is { } duration && duration / 2 < CheckEvery ? duration / 2 : CheckEvery;
        for (; Count < options.Cases && !(_watch.Elapsed > options.Duration); Count++)
        {
            if (await RunAsync(mutator.Case(Count), cases) is { } problem) return problem;
            if (_watch.Elapsed - reported >= ReportEvery)
            {
                double perSecond = (Count - countThen) / (_watch.Elapsed - reported).TotalSeconds;
                (reported, countThen) = (_watch.Elapsed, Count);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reported.TotalSeconds,6:F0} s  {Count} cases, {perSecond:F0}/s, {MemoryWatch.Describe()}"));
            }

            if (_watch.Elapsed < nextCheck && Count != options.Cases / 2) continue;
            nextCheck = _watch.Elapsed + CheckEvery;
            if (_memory.Check() is { } growth) return growth;
        }

        return _memory.Check();
    }

    private async Task<string?> RunAsync(byte[] input, CaseFolder cases)
    {
        cases.Begin(input);
        try
        {
            await Task.Run(() => target.RunAsync(input)).WaitAsync(options.CaseLimit);
            return null;
        }
        catch (TimeoutException)
        {
            return $"case {Count} hangs: {cases.Keep(input, options.Seed, Count)}";
        }
#pragma warning disable CA1031 // To find whatever is thrown is what this is for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return $"case {Count} fails: {cases.Keep(input, options.Seed, Count)}\n{exception}";
        }
    }

    private static byte[] ReadStart(string path)
    {
        using var file = File.OpenRead(path);
        byte[] bytes = new byte[Math.Min(file.Length, Mutator.MaxLength)];
        file.ReadExactly(bytes);
        return bytes;
    }
}
