using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Who may bring mail: block lists and greylisting, with the real host, a real name server and a clock of the test's.</summary>
public sealed class ClientPolicyTests : IAsyncLifetime, IDisposable
{
    private const string Refusing = "1.0.0.127.refusing.test";
    private const string Flagging = "1.0.0.127.flagging.test";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly TestDnsServer _dns = new(new TestZone { TimeToLive = 0 });
    private readonly int _port = FreePort.Next();
    private TestServer _server = null!;
    private HttpClient _alice = null!;

    private TestZone Zone => _dns.Zone;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    public void Dispose() => _dns.Dispose();

    [Fact]
    public async Task A_client_on_a_list_is_refused_with_the_list_s_reason_but_may_write_to_the_postmaster()
    {
        Zone.Address(Refusing, "127.0.0.4").Text(Refusing, "seen sending spam");
        await StartAsync(greylist: false);
        await _server.AddInboxAsync("postmaster@example.test");
        Assert.Equal("550 5.7.1 127.0.0.1 is listed by refusing.test: seen sending spam", await DeliverAsync("bob@mail.test"));
        Assert.StartsWith("250", await DeliverAsync("bob@mail.test", "postmaster@example.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_may_flag_instead()
    {
        Zone.Address(Flagging, "127.0.0.2");
        await StartAsync(greylist: false);
        Assert.StartsWith("250", await DeliverAsync("bob@mail.test"), StringComparison.Ordinal);
        var row = await OnlyRowAsync();
        Assert.Equal("quarantine", (string?)row["authentication"]!["policy"]);
        var all = (await _alice.GetFromJsonAsync<JsonObject>($"/.smxp/bridge/email/messages/{(string?)row["id"]}/authentication"))!;
        Assert.Equal("flagging.test", (string?)all["results"]!.AsArray().Single(static result => (string?)result!["method"] == "x-dnsbl")!["properties"]!["policy.zone"]);
    }

    [Fact]
    public async Task What_a_list_answers_about_itself_and_no_answer_at_all_list_nobody()
    {
        Zone.Address(Refusing, "127.255.255.254");
        Zone.Codes[Flagging] = 2;
        await StartAsync(greylist: false);
        Assert.StartsWith("250", await DeliverAsync("bob@mail.test"), StringComparison.Ordinal);
        Assert.Equal("none", (string?)(await OnlyRowAsync())["authentication"]!["policy"]);
    }

    [Fact]
    public async Task A_stranger_comes_again_and_is_known_from_then_on_over_a_restart()
    {
        await StartAsync(greylist: true);
        Assert.Equal("451 4.7.1 Greylisted, please come again in 300 seconds", await DeliverAsync("bob@stranger.test"));
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal("451 4.7.1 Greylisted, please come again in 1 seconds", await DeliverAsync("bob@stranger.test"));
        await _server.RestartAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.StartsWith("250", await DeliverAsync("bob@stranger.test"), StringComparison.Ordinal);
        Assert.StartsWith("250", await DeliverAsync("carol@stranger.test"), StringComparison.Ordinal);
        Assert.StartsWith("451", await DeliverAsync("bob@another.test"), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromDays(40));
        Assert.StartsWith("451", await DeliverAsync("bob@stranger.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_attempt_does_not_count_for_ever()
    {
        await StartAsync(greylist: true);
        Assert.StartsWith("451", await DeliverAsync("bob@slow.test"), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromHours(25));
        Assert.StartsWith("451", await DeliverAsync("bob@slow.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_send_for_the_return_path_does_not_wait()
    {
        Zone.Text("allowed.test", "v=spf1 ip4:127.0.0.1 -all");
        await StartAsync(greylist: true);
        Assert.StartsWith("250", await DeliverAsync("bob@allowed.test"), StringComparison.Ordinal);
    }

    private async Task StartAsync(bool greylist)
    {
        _server = await TestServer.StartAsync(settings =>
        {
            settings.Time = _time;
            settings
                .With("Smxp:Dns:1:Driver", "system")
                .With("Smxp:Dns:1:Servers:0", _dns.Address)
                .With("Smxp:Bridge:Email:Enabled", "true")
                .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{_port}")
                .With("Smxp:Bridge:Email:Trust:SkipFor:0", "192.0.2.0/24")
                .With("Smxp:Bridge:Email:BlockLists:0:Zone", "refusing.test")
                .With("Smxp:Bridge:Email:BlockLists:1:Zone", "flagging.test")
                .With("Smxp:Bridge:Email:BlockLists:1:Action", "flag")
                .With("Smxp:Bridge:Email:Greylist:Enabled", greylist ? "true" : "false");
        });
        _alice = await _server.SignInNewAsync("alice@example.test");
    }

    private Task<string> DeliverAsync(string sender, string recipient = "alice@example.test") => RawSmtp.DeliverAsync(
        _port, Encoding.ASCII.GetBytes($"From: {sender}\r\nSubject: Hello\r\nMessage-ID: <{Guid.NewGuid():N}@mail.test>\r\n\r\nHello\r\n"), recipient, sender);

    private async Task<JsonNode> OnlyRowAsync() => Assert.Single((await _alice.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray())!;
}
