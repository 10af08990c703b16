namespace Smxp.Host.Configuration;

/// <summary>What keeps the server from starting, gathered so that the operator reads all of it at once.</summary>
internal sealed class StartupProblems
{
    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => _all;

    /// <summary>A problem at a place: a configuration path, or a plugin's folder.</summary>
    public void Add(string where, string what)
    {
        var line = $"{where}: {what}";
        if (!_all.Contains(line)) _all.Add(line);
    }

    public void ThrowIfAny()
    {
        if (_all.Count > 0) throw new StartupException(_all);
    }
}

/// <summary>The server cannot start, for reasons its operator can mend. Its message is for the terminal; no stack trace belongs beside it.</summary>
internal sealed class StartupException(IReadOnlyList<string> problems, Exception? inner = null) : Exception(Text(problems), inner)
{
    public IReadOnlyList<string> Problems { get; } = problems;

    private static string Text(IReadOnlyList<string> problems) =>
        $"smxp cannot start, {problems.Count} problem{(problems.Count == 1 ? "" : "s")}:" + string.Concat(problems.Select(problem => $"{Environment.NewLine}  - {problem}"));
}
