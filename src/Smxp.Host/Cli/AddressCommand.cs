using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using Smxp.Client;
using Smxp.Client.Admin;
using Smxp.Protocol;
using Spectre.Console;

namespace Smxp.Host.Cli;

/// <summary><c>address add|list|remove|migrate</c>: the inboxes of a running server, and the addresses that only forward.</summary>
internal static class AddressCommand
{
    private const int GeneratedBytes = 15;

    public static Command Create()
    {
        var address = new Argument<string>("address") { Description = "E.g. alice@example.com." };
        var domain = new Argument<string?>("domain") { Description = "Only this domain's.", Arity = ArgumentArity.ZeroOrOne };
        var stdin = new Option<bool>("--password-stdin") { Description = "Read the password from the first line of standard input. Without it a terminal is asked, and elsewhere one is made and shown once." };
        var forward = new Option<string[]>("--forward-to") { Description = "Make no inbox: forward to this address. May be given several times." };
        return new Command("address", "The addresses of a running server.")
        {
            AdminCommand.Create("add", "Add an inbox, or an address that forwards.",
                (parsed, client, cancel) => AddAsync(client, Parse(parsed.GetRequiredValue(address)), parsed.GetValue(forward) ?? [], parsed.GetValue(stdin), cancel), address, stdin, forward),
            AdminCommand.Create("list", "List addresses.", (parsed, client, cancel) => ListAsync(client, parsed.GetValue(domain), cancel), domain),
            AddressMigration.Create(address, stdin),
            AdminCommand.Create("remove", "Remove an address; its messages stay.", (parsed, client, cancel) => RemoveAsync(client, Parse(parsed.GetRequiredValue(address)), cancel), address),
        };
    }

    private static async Task<Answer> AddAsync(SmxpClient client, Address address, string[] forwardTo, bool fromStdin, CancellationToken cancellationToken)
    {
        var wanted = new NewAddress { Domain = address.Domain, Alias = address.Local };
        if (forwardTo.Length > 0)
        {
            var forward = await client.Admin.Addresses.AddAsync(wanted with { Mode = "forward", ForwardTo = forwardTo }, cancellationToken);
            return Answer.Of(forward, $"{forward.Address} forwards to {string.Join(", ", forwardTo)}.");
        }

        var (password, generated) = await ReadPasswordAsync(address, fromStdin, cancellationToken);
        var added = await client.Admin.Addresses.AddAsync(wanted with { Password = password }, cancellationToken);
        return generated
            ? Answer.Of(new { added.Address, added.Domain, added.Alias, added.Mode, added.CreatedAt, Password = password }, $"{added.Address} has an inbox.", $"Password (shown this once): {password}")
            : Answer.Of(added, $"{added.Address} has an inbox.");
    }

    private static async Task<Answer> ListAsync(SmxpClient client, string? domain, CancellationToken cancellationToken)
    {
        var addresses = await client.Admin.Addresses.ListAsync(domain, cancellationToken);
        if (await AddressMigration.FindWaysAsync(client, cancellationToken) is not { } ways)
        {
            var plain = addresses.Select(IReadOnlyList<string> (each) => [each.Address, each.Mode, string.Join(", ", each.ForwardTo ?? [])]);
            return Answer.Table(new { Addresses = addresses }, new Listing(["Address", "Mode", "Forwards to"], plain));
        }

        // In a hybrid domain it matters where mail goes besides what there is.
        var rows = addresses.Select(IReadOnlyList<string> (each) => [each.Address, each.Mode, string.Join(", ", each.ForwardTo ?? []), ways.Of(each)]);
        var json = addresses.Select(each => new { each.Address, each.Domain, each.Alias, each.Mode, each.ForwardTo, each.CreatedAt, Deliver = ways.Of(each) });
        return Answer.Table(new { Addresses = json }, new Listing(["Address", "Mode", "Forwards to", "Mail goes to"], rows));
    }

    private static async Task<Answer> RemoveAsync(SmxpClient client, Address address, CancellationToken cancellationToken)
    {
        await client.Admin.Addresses.DeleteAsync(address, cancellationToken);
        return Answer.Of(new { Status = "deleted", Address = address.ToString() }, $"{address} is removed.");
    }

    internal static async Task<(string Password, bool Generated)> ReadPasswordAsync(Address address, bool fromStdin, CancellationToken cancellationToken)
    {
        if (fromStdin)
        {
            string? line = await Console.In.ReadLineAsync(cancellationToken);
            return string.IsNullOrEmpty(line) ? throw new UsageException("--password-stdin: standard input held no password.") : (line, false);
        }
        if (!Console.IsInputRedirected && !Console.IsOutputRedirected)
        {
            string typed = await new TextPrompt<string>($"Password for {Markup.Escape(address.ToString())} (empty: make one):").Secret().AllowEmpty().ShowAsync(AnsiConsole.Console, cancellationToken);
            if (typed.Length > 0) return (typed, false);
        }
        return (Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(GeneratedBytes)), true);
    }

    internal static Address Parse(string text) => Address.TryParse(text, out var address) ? address : throw new UsageException($"'{text}' is not an address of the form alias@domain.");
}
