using System.CommandLine;
using System.Globalization;
using Smxp.Client;
using Smxp.Client.Admin;
using Smxp.Protocol;

namespace Smxp.Host.Cli;

/// <summary><c>route add|list|remove</c>: where a running server leads mail for a pattern of addresses (SMXP §11).</summary>
internal static class RouteCommand
{
    public static Command Create()
    {
        var pattern = new Argument<string>("pattern") { Description = "E.g. sales-*@example.com; * stands for any run of characters." };
        var target = new Argument<string>("target") { Description = "The address it leads to, here or elsewhere." };
        var priority = new Option<int>("--priority") { Description = "Higher first." };
        var disabled = new Option<bool>("--disabled") { Description = "Add it switched off." };
        var domain = new Argument<string>("domain") { Description = "E.g. example.com." };
        var id = new Argument<string>("id") { Description = "The route's id, as 'route list' shows it." };
        return new Command("route", "The routes of a running server.")
        {
            AdminCommand.Create("add", "Add a route.",
                (parsed, client, cancel) => AddAsync(client, Parse(parsed.GetRequiredValue(pattern)) with
                {
                    TargetAddress = parsed.GetRequiredValue(target),
                    Priority = parsed.GetValue(priority),
                    Enabled = !parsed.GetValue(disabled),
                }, cancel), pattern, target, priority, disabled),
            AdminCommand.Create("list", "List a domain's routes.", (parsed, client, cancel) => ListAsync(client, parsed.GetRequiredValue(domain), cancel), domain),
            AdminCommand.Create("remove", "Remove a route.", (parsed, client, cancel) => RemoveAsync(client, parsed.GetRequiredValue(id), cancel), id),
        };
    }

    private static async Task<Answer> AddAsync(SmxpClient client, NewRoute route, CancellationToken cancellationToken)
    {
        var added = await client.Admin.Routes.AddAsync(route, cancellationToken);
        return Answer.Of(new { Route = added }, $"{added.Pattern}@{added.Domain} leads to {added.TargetAddress}. Its id is {added.Id}.");
    }

    private static async Task<Answer> ListAsync(SmxpClient client, string domain, CancellationToken cancellationToken)
    {
        var routes = await client.Admin.Routes.ListAsync(domain, cancellationToken);
        var rows = routes.Select(IReadOnlyList<string> (each) =>
            [each.Id, $"{each.Pattern}@{each.Domain}", each.TargetAddress, each.Priority.ToString(CultureInfo.InvariantCulture), each.Enabled ? "on" : "off"]);
        return Answer.Table(new { Routes = routes }, new Listing(["Id", "Pattern", "Leads to", "Priority", "State"], rows));
    }

    private static async Task<Answer> RemoveAsync(SmxpClient client, string id, CancellationToken cancellationToken)
    {
        await client.Admin.Routes.DeleteAsync(id, cancellationToken);
        return Answer.Of(new { Status = "deleted", Id = id }, $"Route {id} is removed.");
    }

    private static NewRoute Parse(string text)
    {
        int at = text.LastIndexOf('@');
        return at > 0 && Address.IsPattern(text[..at].ToLowerInvariant()) && DomainName.TryNormalize(text[(at + 1)..], out string? domain)
            ? new NewRoute { Domain = domain, Pattern = text[..at].ToLowerInvariant(), TargetAddress = "" }
            : throw new UsageException($"'{text}' is not a pattern of the form sales-*@example.com.");
    }
}
