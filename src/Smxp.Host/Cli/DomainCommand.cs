using System.CommandLine;
using Smxp.Client;
using Smxp.Client.Admin;

namespace Smxp.Host.Cli;

/// <summary><c>domain add|list|verify|rotate|remove</c>: the domains a running server serves, and what to publish in DNS for them.</summary>
internal static class DomainCommand
{
    private const int DefaultDelayHours = 24;
    private const int MaxDelayHours = 30 * 24;

    public static Command Create()
    {
        var domain = new Argument<string>("domain") { Description = "E.g. example.com." };
        var delay = new Option<int>("--delay") { Description = "Hours until the new keys sign: the time to publish their records in. 0 for at once.", DefaultValueFactory = _ => DefaultDelayHours };
        return new Command("domain", "The domains a running server serves.")
        {
            AdminCommand.Create("add", "Serve a domain; says which DNS records to publish.", (parsed, client, cancel) => AddAsync(client, parsed.GetRequiredValue(domain), cancel), domain),
            AdminCommand.Create("list", "List the domains.", (_, client, cancel) => ListAsync(client, cancel)),
            AdminCommand.Create("verify", "Compare DNS with what it should say.", (parsed, client, cancel) => VerifyAsync(client, parsed.GetRequiredValue(domain), cancel), domain),
            AdminCommand.Create("rotate", "Make new keys, which sign after a delay; the old ones still verify mail in flight.", (parsed, client, cancel) => RotateAsync(client, parsed.GetRequiredValue(domain), parsed.GetValue(delay), cancel), domain, delay),
            AdminCommand.Create("remove", "Stop serving a domain.", (parsed, client, cancel) => RemoveAsync(client, parsed.GetRequiredValue(domain), cancel), domain),
        };
    }

    private static async Task<Answer> AddAsync(SmxpClient client, string domain, CancellationToken cancellationToken)
    {
        var added = await client.Admin.Domains.AddAsync(domain, cancellationToken);
        return Answer.Of(added, [$"{added.Domain} is served. Publish in DNS:", .. RecordsOf(added)]);
    }

    private static async Task<Answer> ListAsync(SmxpClient client, CancellationToken cancellationToken)
    {
        var domains = await client.Admin.Domains.ListAsync(cancellationToken);
        var rows = domains.Select(IReadOnlyList<string> (each) => [each.Domain, each.Dns.Key?.KeyId ?? "", each.Dns.Service.Value]);
        return Answer.Table(new { Domains = domains }, new Listing(["Domain", "Key id", "Service"], rows));
    }

    private static async Task<Answer> VerifyAsync(SmxpClient client, string domain, CancellationToken cancellationToken)
    {
        var result = await client.Admin.Domains.VerifyAsync(domain, cancellationToken);
        string service = result.Service switch
        {
            { Error: { } error } => $"Service: {error}",
            { Host: { } host, Port: var port } => $"Service: {host}:{port}",
            _ => "Service: not looked up",
        };
        if (result.Verified) return Answer.Of(result, $"{result.Domain}: DNS gives the right key.", service);

        var expected = await client.Admin.Domains.GetAsync(domain, cancellationToken);
        string found = result.ActualFingerprint is { } actual ? $"another key ({actual})" : "no key";
        return new Answer(result, [$"{result.Domain}: DNS gives {found}.", service, "Publish:", .. RecordsOf(expected)], ExitCode.Refused);
    }

    private static async Task<Answer> RotateAsync(SmxpClient client, string domain, int delayHours, CancellationToken cancellationToken)
    {
        if (delayHours is < 0 or > MaxDelayHours) throw new UsageException($"--delay: from 0 to {MaxDelayHours} hours.");
        var rotated = await client.Admin.Domains.RotateKeysAsync(domain, TimeSpan.FromHours(delayHours), cancellationToken);
        var coming = rotated.Dns.All.Where(record => record.SignsFrom is not null).ToList();
        if (coming.Count == 0)
            return Answer.Of(rotated, [$"{rotated.Domain} signs with new keys from now on. Publish at once, beside the old records, which may go after a day; until others see these, they refuse what it sends:", .. RecordsOf(rotated)]);
        string when = DateTimeOffset.FromUnixTimeSeconds(coming.Max(record => record.SignsFrom!.Value)).ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
        return Answer.Of(rotated,
        [
            $"{rotated.Domain} will sign with new keys from {when}. Publish before then, beside the records that are there:",
            .. coming.Select(ZoneLine),
            "Others may know the old answer for its time to live, so leave more than that. Leave the old records for a day longer: mail on its way is verified with them.",
        ]);
    }

    private static async Task<Answer> RemoveAsync(SmxpClient client, string domain, CancellationToken cancellationToken)
    {
        await client.Admin.Domains.DeleteAsync(domain, cancellationToken);
        return Answer.Of(new { Status = "deleted", Domain = domain }, $"{domain} is no longer served.");
    }

    /// <summary>As a zone file has them.</summary>
    private static IEnumerable<string> RecordsOf(DomainInfo domain) => domain.Dns.All.Select(ZoneLine);

    private static string ZoneLine(DnsRecord record) => $"  {record.Name}. {record.Type} {(record.Type == "TXT" ? $"\"{record.Value}\"" : record.Value)}";
}
