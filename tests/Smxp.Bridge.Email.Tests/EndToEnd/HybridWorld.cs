using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins.Storage;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>The real host with a hybrid domain, <c>example.test</c>: its legacy server, and the outside world, <c>mail.test</c>, behind its own mail exchanger.</summary>
public sealed class HybridWorld : IAsyncDisposable
{
    private readonly TestDnsServer _dns = new(new TestZone { TimeToLive = 0 });
    private readonly int _port = FreePort.Next();

    internal OutsideServer Legacy { get; private init; } = null!;

    internal OutsideServer Outside { get; } = new();

    public TestServer Server { get; private set; } = null!;

    public HttpClient Alice { get; private set; } = null!;

    internal static async Task<HybridWorld> StartAsync(OutsideServer? legacy = null, Action<TestServerSettings>? configure = null, Action<TestZone>? names = null)
    {
        var world = new HybridWorld { Legacy = legacy ?? new OutsideServer() };
        world._dns.Zone.Exchange("mail.test", 10, "mx.mail.test").Address("mx.mail.test", "127.0.0.1");
        names?.Invoke(world._dns.Zone);
        world.Server = await TestServer.StartAsync(settings =>
        {
            settings
                .With("Smxp:Dns:1:Driver", "system")
                .With("Smxp:Dns:1:Servers:0", world._dns.Address)
                .With("Smxp:Bridge:Email:Enabled", "true")
                .With("Smxp:Bridge:Email:HostName", "gw.example.test")
                .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{world._port}")
                .With("Smxp:Bridge:Email:HybridDomains:example.test:LegacyServer", $"smtp://127.0.0.1:{world.Legacy.Port}")
                .With("Smxp:Bridge:Email:Outbound:Port", $"{world.Outside.Port}")
                .With("Smxp:Bridge:Email:Outbound:AllowPrivateNetworks", "true")
                .With("Smxp:Federation:FirstAttemptMilliseconds", "20000");
            configure?.Invoke(settings);
        });
        world.Alice = await world.Server.SignInNewAsync("alice@example.test");
        return world;
    }

    public static string Mail(string messageId, string extra = "", string body = "Hello.") =>
        $"{extra}From: Bob <bob@mail.test>\r\nTo: old@example.test\r\nSubject: Lunch\r\nX-Odd:   two  blanks \r\nMessage-ID: <{messageId}@mail.test>\r\n\r\n{body}\r\n";

    public Task<(IReadOnlyList<string> Recipients, string Last)> SendAsync(string mail, string sender = "<bob@mail.test>", params string[] recipients) =>
        SmtpTalk.SendAsync(_port, sender, recipients.Length == 0 ? ["<old@example.test>"] : recipients, mail);

    /// <summary>Chooses where an address's mail goes, as the administrator.</summary>
    public async Task<JsonObject> ChooseAsync(string address, string deliver)
    {
        using var admin = Server.NewAdminClient();
        using var answer = await admin.PutAsJsonAsync($"/.smxp/admin/bridge/email/routing/{address}", new { deliver });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>Waits until nothing is left in the outbox: what was to be sent has been, and what was to fail has.</summary>
    public async Task SettleAsync()
    {
        using var admin = Server.NewAdminClient();
        await Eventually.TrueAsync(async () => (await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/queue"))!["entries"]!.AsArray().Count == 0);
    }

    /// <summary>Has everything in the outbox tried now; what is under way is waited for first.</summary>
    public async Task RetryAsync()
    {
        using var admin = Server.NewAdminClient();
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await admin.PostAsJsonAsync("/.smxp/admin/queue/retry", new { });
            if ((int)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["entries"]! > 0) return true;
            // The server may have come to it by itself, and have done with it.
            return await Server.Services.GetRequiredService<IOutbox>().CountAsync(CancellationToken.None) == 0;
        });
    }

    public async Task<JsonArray> InboxAsync() => (await Alice.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray();

    internal static string Text(OutsideMail mail) => Encoding.Latin1.GetString(mail.Bytes);

    public async ValueTask DisposeAsync()
    {
        Alice?.Dispose();
        await Server.DisposeAsync();
        await Legacy.DisposeAsync();
        await Outside.DisposeAsync();
        _dns.Dispose();
    }
}
