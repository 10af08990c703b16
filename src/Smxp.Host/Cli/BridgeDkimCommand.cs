using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Smxp.Client;

namespace Smxp.Host.Cli;

/// <summary><c>bridge dkim show|rotate|retire</c>: the keys that sign a domain's email, and the records that publish them.</summary>
internal static class BridgeDkimCommand
{
    private const string Bridge = "email";

    public static Command Create()
    {
        var domain = new Argument<string>("domain") { Description = "A domain served here." };
        var name = new Argument<string>("name") { Description = "Which keys, as 'show' names them." };
        return new Command("dkim", "The keys that sign a domain's email.")
        {
            AdminCommand.Create("show", "Show a domain's keys and the DNS records to publish; makes keys where there are none.",
                (parsed, client, cancel) => AskAsync(client, HttpMethod.Get, $"dkim/{parsed.GetRequiredValue(domain)}", cancel), domain),
            AdminCommand.Create("rotate", "Make new keys. They sign once their records are published; the old ones stay until retired.",
                (parsed, client, cancel) => AskAsync(client, HttpMethod.Post, $"dkim/{parsed.GetRequiredValue(domain)}/rotate", cancel), domain),
            AdminCommand.Create("retire", "Forget old keys; a week after they signed last, their records may go.",
                (parsed, client, cancel) => AskAsync(client, HttpMethod.Delete, $"dkim/{parsed.GetRequiredValue(domain)}/{parsed.GetRequiredValue(name)}", cancel), domain, name),
        };
    }

    private static async Task<Answer> AskAsync(SmxpClient client, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        var shown = await client.Admin.Bridges.AskAsync(Bridge, method, path, null, cancellationToken);
        return Answer.Of(shown, [.. shown.GetProperty("keys").EnumerateArray().SelectMany(Lines)]);
    }

    // Lines of a zone file, to be taken over as they are.
    private static IEnumerable<string> Lines(JsonElement keys)
    {
        var made = DateTimeOffset.FromUnixTimeSeconds(keys.GetProperty("created_at").GetInt64());
        yield return string.Create(CultureInfo.InvariantCulture, $"; {keys.GetProperty("name")}, made {made:yyyy-MM-dd}: {StateOf(keys)}");
        foreach (var record in keys.GetProperty("records").EnumerateArray())
        {
            string quoted = string.Join(' ', record.GetProperty("strings").EnumerateArray().Select(static text => $"\"{text}\""));
            yield return $"{record.GetProperty("name")}. IN TXT {quoted} ; {(record.GetProperty("published").GetBoolean() ? "published" : "not found in DNS")}";
        }
    }

    private static string StateOf(JsonElement keys) => keys.GetProperty("state").GetString() switch
    {
        "signing" => "these sign",
        "waiting" => "sign once they are published",
        _ => "old; keep them published for a week after a rotation, then retire them",
    };
}
