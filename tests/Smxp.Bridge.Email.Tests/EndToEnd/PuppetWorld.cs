using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>
/// A gateway (gw.example, with the bridge, and the mailboxes of local.test), a server without a bridge (other.test, which may use the gateway's puppets, and stranger.test, which may not), and
/// the rest of the world's mail servers.
/// </summary>
public sealed class PuppetWorld : IAsyncLifetime
{
    private readonly int _gatewayPort = FreePort.Next();
    private readonly int _otherPort = FreePort.Next();
    private readonly List<HttpClient> _clients = [];

    internal OutsideServer Outside { get; } = new();

    internal int Smtp { get; } = FreePort.Next();

    internal TestServer Gateway { get; private set; } = null!;

    internal TestServer Other { get; private set; } = null!;

    /// <summary>Changes to the gateway's settings, before it starts.</summary>
    internal Action<TestServerSettings>? Configure { get; init; }

    public async Task InitializeAsync()
    {
        Gateway = await TestServer.StartAsync(settings =>
        {
            settings.Port = _gatewayPort;
            settings.Hosts["other.test"] = settings.Hosts["stranger.test"] = $"http://127.0.0.1:{_otherPort}";
            settings
                .With("Smxp:Bridge:Email:Enabled", "true")
                .With("Smxp:Bridge:Email:HostName", "mx.gw.example")
                .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{Smtp}")
                .With("Smxp:Bridge:Email:Outbound:SmartHost", $"smtp://127.0.0.1:{Outside.Port}")
                .With("Smxp:Bridge:Email:PuppetDomain", "gw.example")
                .With("Smxp:Bridge:Email:Puppets:AllowFrom:0", "other.test");
            Configure?.Invoke(settings);
        });
        await Gateway.AddDomainAsync("gw.example");
        Other = await TestServer.StartAsync(settings =>
        {
            settings.Port = _otherPort;
            settings.Hosts["gw.example"] = $"http://127.0.0.1:{_gatewayPort}";
            settings.With("Smxp:Federation:FirstAttemptMilliseconds", "20000");
        });
    }

    public async Task DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await Gateway.DisposeAsync();
        await Other.DisposeAsync();
        await Outside.DisposeAsync();
    }

    /// <summary>Adds a mailbox and signs in to it.</summary>
    internal async Task<HttpClient> SignInAsync(TestServer server, string address)
    {
        var client = await server.SignInNewAsync(address);
        _clients.Add(client);
        return client;
    }

    /// <summary>Brings a mail to the gateway.</summary>
    internal async Task<string> DeliverAsync(string from, string to, string mail)
    {
        await using var dialog = await SmtpDialog.OpenAsync(Smtp);
        return await dialog.DeliverAsync(from, to, mail);
    }

    /// <summary>Sends a message and answers what became of it.</summary>
    internal static async Task<JsonNode> SendAsync(HttpClient client, object message)
    {
        using var answer = await client.PostAsJsonAsync("/.smxp/mail/send", message);
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        return body["results"] is JsonArray results ? results[0]! : body;
    }

    /// <summary>A mailbox's messages, newest first.</summary>
    internal static async Task<JsonArray> InboxAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray();

    /// <summary>Waits until so many messages are there, and answers the newest.</summary>
    internal static async Task<JsonNode> NewestAsync(HttpClient client, int count)
    {
        var rows = await Eventually.GetAsync(async () => await InboxAsync(client) is { } found && found.Count >= count ? found : null);
        Assert.Equal(count, rows.Count);
        return rows[0]!;
    }
}
