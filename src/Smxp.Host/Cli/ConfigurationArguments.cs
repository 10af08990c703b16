using System.CommandLine;
using Smxp.Host.Configuration;

namespace Smxp.Host.Cli;

/// <summary>
/// What is left of the command line after the commands took theirs: settings, as <c>--Smxp:Name value</c> or <c>--Smxp:Name=value</c>.
/// Anything else is refused, so that a misspelt command does not start a server.
/// </summary>
internal static class ConfigurationArguments
{
    private static readonly string[] Roots = ["Smxp", "Kestrel", "Logging", "AllowedHosts", "urls", "http_ports", "https_ports", "environment", "contentRoot"];

    public static string[] Of(ParseResult parsed)
    {
        var tokens = parsed.UnmatchedTokens;
        var problems = new StartupProblems();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var name = token.TrimStart('-').Split('=', 2)[0];
            if (!token.StartsWith("--", StringComparison.Ordinal)) problems.Add(token, $"unknown command; {NearestName.Suggest(token, parsed.RootCommandResult.Command.Subcommands.Select(command => command.Name))}");
            else if (!Roots.Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase)) problems.Add(token, "unknown option; settings are given as --Smxp:Name value");
            else if (!token.Contains('=', StringComparison.Ordinal) && ++i >= tokens.Count) problems.Add(token, "lacks a value");
        }

        problems.ThrowIfAny();
        return [.. tokens];
    }
}
