namespace Smxp.Host.Cli;

/// <summary>What every command answers the shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The server understood and refused.</summary>
    public const int Refused = 1;

    /// <summary>Wrong usage, wrong configuration, or nobody there.</summary>
    public const int Unusable = 2;
}
