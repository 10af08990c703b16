using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>A server that takes mail from this machine for a stranger's, and the name server it asks. Each test has author's domains of its own.</summary>
public sealed class TrustWorld : IAsyncLifetime, IDisposable
{
    public const string HostName = "mx.example.test";

    private readonly TestDnsServer _dns = new(new TestZone { TimeToLive = 0 });
    private readonly int _port = FreePort.Next();
    private TestServer _server = null!;
    private int _inboxes;

    public TestZone Zone => _dns.Zone;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(settings => settings
        .With("Smxp:Dns:1:Driver", "system")
        .With("Smxp:Dns:1:Servers:0", _dns.Address)
        .With("Smxp:Dns:1:CacheEntries", "1000")
        .With("Smxp:Bridge:Email:Enabled", "true")
        .With("Smxp:Bridge:Email:HostName", HostName)
        .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{_port}")
        .With("Smxp:Bridge:Email:Trust:SkipFor:0", "192.0.2.0/24")
        .With("Smxp:Bridge:Email:Trust:TrustedSealers:0", "list.test")
        .With("Smxp:Bridge:Email:Trust:Domains:lenient.test:RejectOn", "none")
        .With("Smxp:Bridge:Email:Trust:Domains:strict.test:Quarantine", "reject")
        .With("Smxp:Bridge:Email:Trust:Domains:later.test:OnTemporaryError", "defer"));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _dns.Dispose();

    /// <summary>A new inbox's address and its owner's client.</summary>
    public async Task<(string Address, HttpClient Client)> NewInboxAsync()
    {
        string address = $"alice{Interlocked.Increment(ref _inboxes)}@example.test";
        return (address, await _server.SignInNewAsync(address));
    }

    /// <summary>Brings a mail, from the return path given, and answers the reply.</summary>
    public Task<string> DeliverAsync(string mail, string recipient, string sender = "bob@mail.test") => RawSmtp.DeliverAsync(_port, Encoding.ASCII.GetBytes(mail), recipient, sender);

    /// <summary>Brings a mail to an inbox of its own; the row it became, and its owner's client.</summary>
    public async Task<(JsonObject Row, HttpClient Client)> ReceiveAsync(string mail, string sender = "bob@mail.test")
    {
        var (address, client) = await NewInboxAsync();
        string reply = await DeliverAsync(mail, address, sender);
        Assert.StartsWith("250", reply, StringComparison.Ordinal);
        return (Assert.Single(await InboxAsync(client))!.AsObject(), client);
    }

    public static async Task<JsonArray> InboxAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray();

    /// <summary>A mail's text.</summary>
    public static string Mail(string from, string headers = "", string body = "Hello\r\n") =>
        $"{headers}From: {from}\r\nTo: alice@example.test\r\nSubject: Hello\r\nMessage-ID: <{Guid.NewGuid():N}@mail.test>\r\nDate: Fri, 2 Jan 2026 10:00:00 +0000\r\n\r\n{body}";
}
