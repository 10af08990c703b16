using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Smxp.Client;

namespace Smxp.Host.Cli;

/// <summary><c>bridge list|ask|dkim|psl|ledger|trace|merge|split</c>: what the bridges of a running server have to say. What can be asked is each bridge's own; what operators ask most often of the one to email has commands of its own.</summary>
internal static class BridgeCommand
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var bridge = new Argument<string>("bridge") { Description = "Its name, e.g. email." };
        var path = new Argument<string>("path") { Description = "What is asked, e.g. dns/example.com." };
        var method = new Option<string>("--method") { Description = "GET asks; POST, PUT, PATCH and DELETE do.", DefaultValueFactory = _ => "GET" };
        method.AcceptOnlyFromAmong("GET", "POST", "PUT", "PATCH", "DELETE");
        var body = new Option<string?>("--body") { Description = "A JSON body." };
        return new Command("bridge", "The bridges of a running server.")
        {
            AdminCommand.Create("list", "List the bridges in use.", (_, client, cancel) => ListAsync(client, cancel)),
            AdminCommand.Create("ask", "Ask a bridge something of its own; it answers JSON.",
                (parsed, client, cancel) => AskAsync(client, parsed.GetRequiredValue(bridge), new HttpMethod(parsed.GetRequiredValue(method)), parsed.GetRequiredValue(path), Parse(parsed.GetValue(body)), cancel),
                bridge, path, method, body),
            BridgeDkimCommand.Create(),
            BridgePslCommand.Create(),
            MailCommands.Ledger(),
            MailCommands.Trace(),
            MailCommands.Merge(),
            MailCommands.Split(),
        };
    }

    private static async Task<Answer> ListAsync(SmxpClient client, CancellationToken cancellationToken)
    {
        var bridges = await client.Admin.Bridges.ListAsync(cancellationToken);
        return Answer.Table(new { Bridges = bridges }, new Listing(["Bridge"], bridges.Select(IReadOnlyList<string> (each) => [each])));
    }

    private static async Task<Answer> AskAsync(SmxpClient client, string bridge, HttpMethod method, string path, JsonElement? body, CancellationToken cancellationToken)
    {
        var answer = await client.Admin.Bridges.AskAsync(bridge, method, path, body, cancellationToken);
        return Answer.Of(answer, JsonSerializer.Serialize(answer, Readable));
    }

    private static JsonElement? Parse(string? body)
    {
        if (body is null) return null;
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            throw new UsageException("--body is not JSON.");
        }
    }
}
