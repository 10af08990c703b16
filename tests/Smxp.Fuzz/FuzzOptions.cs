using System.Globalization;

namespace Smxp.Fuzz;

/// <summary>What the command line says.</summary>
internal sealed record FuzzOptions(string Target)
{
    public const int DefaultSeed = 20260101;

    /// <summary>How long to run; null where cases are counted.</summary>
    public TimeSpan? Duration { get; init; }

    public long Cases { get; init; } = long.MaxValue;

    /// <summary>The same seed makes the same cases.</summary>
    public int Seed { get; init; } = DefaultSeed;

    /// <summary>A folder whose files are seeds beside the built-in ones.</summary>
    public string? Corpus { get; init; }

    /// <summary>Where cases that fail are written.</summary>
    public string Out { get; init; } = "fuzz";

    /// <summary>Whether there is one case, on the standard input.</summary>
    public bool Stdin { get; init; }

    /// <summary>How long one case may take.</summary>
    public TimeSpan CaseLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Reads the arguments; null where they make no sense.</summary>
    public static FuzzOptions? TryParse(string[] args)
    {
        if (args is not [var target, .. var rest] || !FuzzTargets.All.ContainsKey(target)) return null;
        var options = new FuzzOptions(target) { Duration = TimeSpan.FromMinutes(1) };
        for (int i = 0; i < rest.Length; i++)
        {
            if (rest[i] == "--stdin")
            {
                options = options with { Stdin = true };
                continue;
            }

            if (i + 1 == rest.Length) return null;
            string value = rest[++i];
            switch (rest[i - 1])
            {
                case "--minutes" when double.TryParse(value, CultureInfo.InvariantCulture, out double minutes) && minutes is > 0 and < 1e6:
                    options = options with { Duration = TimeSpan.FromMinutes(minutes) };
                    break;
                case "--cases" when long.TryParse(value, CultureInfo.InvariantCulture, out long cases) && cases > 0:
                    options = options with { Cases = cases, Duration = null };
                    break;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out int seed):
                    options = options with { Seed = seed };
                    break;
                case "--corpus" when Directory.Exists(value):
                    options = options with { Corpus = value };
                    break;
                case "--out":
                    options = options with { Out = value };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
