namespace Smxp.Host.Cli;

/// <summary>What a command has to say: the same thing for programs and for people.</summary>
/// <param name="Json">Written with <c>--json</c>, snake_case.</param>
/// <param name="Lines">Written without it.</param>
/// <param name="ExitCode">What the shell is told.</param>
internal sealed record Answer(object Json, IReadOnlyList<string> Lines, int ExitCode = ExitCode.Done)
{
    /// <summary>A table to show instead of lines.</summary>
    public Listing? Listing { get; init; }

    /// <summary>Something to know beside it, for people only.</summary>
    public string? Note { get; init; }

    public static Answer Of(object json, params string[] lines) => new(json, lines);

    public static Answer Table(object json, Listing listing) => new(json, []) { Listing = listing };
}

/// <summary>Rows below headings.</summary>
internal sealed record Listing(IReadOnlyList<string> Headings, IEnumerable<IReadOnlyList<string>> Rows);
