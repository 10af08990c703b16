using System.CommandLine;
using System.Net;
using System.Text.Json;
using Smxp.Client;
using Smxp.Client.Admin;
using Smxp.Protocol;

namespace Smxp.Host.Cli;

/// <summary><c>address migrate</c>: moves one user of a hybrid domain from the legacy mail server to SMXP, in steps if need be, and back.</summary>
internal static class AddressMigration
{
    private const string Bridge = "email";

    public static Command Create(Argument<string> address, Option<bool> stdin)
    {
        var deliver = new Option<string>("--deliver") { Description = "smxp: mail goes to the inbox. both: a copy still goes to the legacy server.", DefaultValueFactory = _ => "smxp" };
        deliver.AcceptOnlyFromAmong("smxp", "both");
        var undo = new Option<bool>("--undo") { Description = "Let mail go to the legacy server again; the inbox and what is in it stay." };
        return AdminCommand.Create("migrate", "Move an address of a hybrid domain to SMXP: make its inbox if there is none, and send its mail there.",
            (parsed, client, cancel) =>
            {
                var parsedAddress = AddressCommand.Parse(parsed.GetRequiredValue(address));
                return parsed.GetValue(undo) ? UndoAsync(client, parsedAddress, cancel) : MigrateAsync(client, parsedAddress, parsed.GetValue(deliver)!, parsed.GetValue(stdin), cancel);
            }, address, deliver, undo, stdin);
    }

    /// <summary>Where mail of hybrid domains goes; null where there are none.</summary>
    public static async Task<MailWays?> FindWaysAsync(SmxpClient client, CancellationToken cancellationToken)
    {
        try
        {
            var overview = await client.Admin.Bridges.AskAsync(Bridge, HttpMethod.Get, "routing", null, cancellationToken);
            var domains = overview.GetProperty("domains").EnumerateArray().Select(static each => each.GetProperty("domain").GetString()!).ToHashSet(StringComparer.Ordinal);
            if (domains.Count == 0) return null;
            return new MailWays(domains, overview.GetProperty("addresses").EnumerateArray().ToDictionary(
                static each => each.GetProperty("address").GetString()!, static each => each.GetProperty("deliver").GetString()!, StringComparer.Ordinal));
        }
        catch (SmxpException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // There is no bridge, or one that knows nothing of this.
            return null;
        }
    }

    private static async Task<Answer> MigrateAsync(SmxpClient client, Address address, string deliver, bool fromStdin, CancellationToken cancellationToken)
    {
        var before = await AskAsync(client, HttpMethod.Get, address, null, cancellationToken);
        // Only then would mail begin to arrive here: until there is an inbox, the choice means nothing.
        (string Password, bool Generated)? secret = before.GetProperty("has_inbox").GetBoolean() ? null : await AddressCommand.ReadPasswordAsync(address, fromStdin, cancellationToken);
        var after = await AskAsync(client, HttpMethod.Put, address, deliver, cancellationToken);
        if (secret is { } made) await client.Admin.Addresses.AddAsync(new NewAddress { Domain = address.Domain, Alias = address.Local, Password = made.Password }, cancellationToken);

        string server = after.GetProperty("legacy_server").GetString()!;
        string[] lines =
        [
            secret is null ? $"{address} has had an inbox already." : $"{address} has an inbox now.",
            .. secret is { Generated: true } shown ? [$"Password (shown this once): {shown.Password}"] : Array.Empty<string>(),
            deliver == "both" ? $"Mail goes into it from now on, and a copy to {server}." : $"Mail goes into it from now on, and no longer to {server}.",
            $"What is on {server} stays there. To go back: address migrate {address} --undo",
        ];
        return Answer.Of(new { Address = address.ToString(), Deliver = deliver, LegacyServer = server, InboxMade = secret is not null, Password = secret is { Generated: true } ? secret.Value.Password : null }, lines);
    }

    private static async Task<Answer> UndoAsync(SmxpClient client, Address address, CancellationToken cancellationToken)
    {
        var after = await AskAsync(client, HttpMethod.Put, address, "email", cancellationToken);
        string server = after.GetProperty("legacy_server").GetString()!;
        int arrived = after.TryGetProperty("arrived", out var count) ? count.GetInt32() : 0;
        bool hasInbox = after.GetProperty("has_inbox").GetBoolean();
        return Answer.Of(
            new { Address = address.ToString(), Deliver = "email", LegacyServer = server, Arrived = arrived },
            [
                $"Mail for {address} goes to {server} again.",
                .. !hasInbox ? Array.Empty<string>() : [arrived == 1 ? "1 message arrived on SMXP meanwhile; it stays in the inbox and can be read there." : $"{arrived} messages arrived on SMXP meanwhile; they stay in the inbox and can be read there."],
            ]);
    }

    private static Task<JsonElement> AskAsync(SmxpClient client, HttpMethod method, Address address, string? deliver, CancellationToken cancellationToken) =>
        client.Admin.Bridges.AskAsync(Bridge, method, $"routing/{address}", deliver is null ? null : JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["deliver"] = deliver }), cancellationToken);
}

/// <summary>Where mail of hybrid domains goes.</summary>
/// <param name="Domains">The hybrid domains.</param>
/// <param name="Chosen">What was chosen, by address.</param>
internal sealed record MailWays(IReadOnlySet<string> Domains, IReadOnlyDictionary<string, string> Chosen)
{
    /// <summary><c>smxp</c>, <c>email</c> or <c>both</c>.</summary>
    public string Of(AddressInfo address) => Domains.Contains(address.Domain) ? Chosen.GetValueOrDefault(address.Address, "smxp") : "smxp";
}
