using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>A correspondent who moves to SMXP in the middle of a conversation: it goes on by SMXP as soon as DNS says so.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly TestDnsServer _dns = new(new TestZone { TimeToLive = 0 });
    private readonly PrivateAuthority _authority = new();
    private readonly TemporaryDirectory _files = new();
    private readonly ForwardClock _clock = new();

    public void Dispose()
    {
        _dns.Dispose();
        _authority.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task A_conversation_that_began_by_email_goes_on_by_smxp()
    {
        await using var outside = new OutsideServer();
        int port = FreePort.Next(), tls = FreePort.Next(), inbound = FreePort.Next();
        _authority.Export(_files["authority.pem"]);
        _authority.Issue("gw.far.test", _files["cert.pem"], _files["key.pem"]);
        _dns.Zone.Exchange("far.test", 10, "mx.far.test").Address("mx.far.test", "127.0.0.1").Address("gw.far.test", "127.0.0.1");

        await using var server = await TestServer.StartAsync(settings =>
        {
            settings.Time = _clock;
            settings
                .With("Smxp:Dns:1:Driver", "system").With("Smxp:Dns:1:Servers:0", _dns.Address)
                .With("Smxp:Bridge:Email:Enabled", "true")
                .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{inbound}")
                .With("Smxp:Bridge:Email:Outbound:Port", $"{outside.Port}")
                .With("Smxp:Bridge:Email:Outbound:AllowPrivateNetworks", "true")
                .With("Smxp:Federation:TrustedAuthorities", _files["authority.pem"])
                .With("Smxp:Federation:FirstAttemptMilliseconds", "20000");
        });
        using var alice = await server.SignInNewAsync("alice@example.test");

        var first = await SendAsync(alice, null);
        Assert.Equal(("sent", "email"), (first.Status, await TransportAsync(alice, first.Id)));
        var mail = await outside.NextAsync();
        // He answers by email, then moves.
        Assert.StartsWith("250", (await SmtpTalk.SendAsync(
            inbound, "<bob@far.test>", ["<alice@example.test>"], $"From: bob@far.test\r\nMessage-ID: <answer@far.test>\r\nIn-Reply-To: <{mail.Message.MessageId}>\r\n\r\nYes.\r\n")).Last, StringComparison.Ordinal);

        await using var peer = await TestServer.StartAsync(settings =>
        {
            (settings.Port, settings.Time) = (port, _clock);
            settings.Hosts["example.test"] = server.BaseAddress.ToString().TrimEnd('/');
            settings.With("urls", $"http://127.0.0.1:{port};https://127.0.0.1:{tls}")
                .With("Kestrel:Certificates:Default:Path", _files["cert.pem"]).With("Kestrel:Certificates:Default:KeyPath", _files["key.pem"]);
        });
        using var bob = await peer.SignInNewAsync("bob@far.test");
        _dns.Zone.Service("_smxp.far.test", $"1 gw.far.test. alpn=h2 port={tls}");

        // What DNS said is remembered for as long as it said, a minute here; then the next message goes the new way.
        Assert.Equal("email", await TransportAsync(alice, (await SendAsync(alice, first.Conversation)).Id));
        _clock.Ahead = TimeSpan.FromMinutes(2);
        var next = await SendAsync(alice, first.Conversation);
        Assert.Equal(("smxp", "sent", first.Conversation), (await TransportAsync(alice, next.Id), next.Status, next.Conversation));
        var received = (await bob.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray();
        Assert.Equal((next.Id, first.Conversation, "smxp"), ((string?)received[0]!["id"], (string?)received[0]!["conversation_id"], (string?)received[0]!["transport"]));
        var answer = (await alice.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray();
        Assert.Equal(first.Conversation, (string?)Assert.Single(answer)!["conversation_id"]);
    }

    private static async Task<(string Id, string? Status, string Conversation)> SendAsync(HttpClient alice, string? conversation)
    {
        using var answer = await alice.PostAsJsonAsync("/.smxp/mail/send", new { to = "bob@far.test", subject = "Moving", body = "Hello", conversation_id = conversation });
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var result = JsonNode.Parse(text)!["results"]![0]!;
        return ((string)result["id"]!, (string?)result["status"], (string)result["conversation_id"]!);
    }

    private static async Task<string?> TransportAsync(HttpClient alice, string id) =>
        (string?)(await alice.GetFromJsonAsync<JsonObject>("/.smxp/mail/sent"))!["messages"]!.AsArray().Single(row => (string?)row!["id"] == id)!["transport"];
}
