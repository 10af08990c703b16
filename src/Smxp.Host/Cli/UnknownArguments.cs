using System.CommandLine;
using Smxp.Host.Configuration;

namespace Smxp.Host.Cli;

/// <summary>
/// What a command line holds beyond what its command knows. <c>serve</c> reads settings from it (<see cref="ConfigurationArguments"/>), for which the parser must let everything
/// through; the commands that take none refuse it here, so that a misspelt option is not passed over in silence.
/// </summary>
internal static class UnknownArguments
{
    /// <summary>What is wrong; null where nothing is left over.</summary>
    public static string? FindProblem(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is not [var token, ..]) return null;
        string name = token.Split('=', 2)[0];
        return name.StartsWith('-')
            ? $"{name}: unknown option; {NearestName.Suggest(name, parsed.CommandResult.Command.Options.Select(option => option.Name))}"
            : $"{name}: one argument too many; see --help";
    }
}
