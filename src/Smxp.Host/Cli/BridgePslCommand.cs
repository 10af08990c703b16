using System.CommandLine;
using Smxp.Client;

namespace Smxp.Host.Cli;

/// <summary><c>bridge psl show|refresh</c>: the Public Suffix List by which the email bridge tells whose a domain is.</summary>
internal static class BridgePslCommand
{
    public static Command Create() => new("psl", "The Public Suffix List that the email bridge uses.")
    {
        AdminCommand.Create("show", "Show which list is in use.", (_, client, cancel) => AskAsync(client, HttpMethod.Get, "psl", cancel)),
        AdminCommand.Create("refresh", "Fetch a newer list.", (_, client, cancel) => AskAsync(client, HttpMethod.Post, "psl/refresh", cancel)),
    };

    private static async Task<Answer> AskAsync(SmxpClient client, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        var shown = await client.Admin.Bridges.AskAsync("email", method, path, null, cancellationToken);
        return Answer.Of(shown, $"{shown.GetProperty("rules")} rules, {(shown.GetProperty("source").GetString() == "shipped" ? "as shipped with this version" : "as fetched")}.");
    }
}
