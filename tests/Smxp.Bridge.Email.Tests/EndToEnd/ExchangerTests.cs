using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Mail out by MX: the real host asks a real name server, and finds its way among mail servers that listen, refuse, or are not there.</summary>
public sealed class ExchangerTests : IAsyncLifetime, IDisposable
{
    // Exchangers share a port and differ by address: 127.0.0.0/8 is all this machine.
    private const string First = "127.0.0.11";
    private const string Second = "127.0.0.12";

    private readonly TestDnsServer _dns = new(new TestZone { TimeToLive = 0 });
    private readonly OutsideServer _second = new(Second);
    private TestServer _server = null!;
    private HttpClient _alice = null!;

    private TestZone Zone => _dns.Zone;

    public async Task InitializeAsync()
    {
        Zone.Address("first.mail.test", First).Address("second.mail.test", Second);
        _server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Dns:1:Driver", "system")
            .With("Smxp:Dns:1:Servers:0", _dns.Address)
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{FreePort.Next()}")
            .With("Smxp:Bridge:Email:Outbound:Port", $"{_second.Port}")
            .With("Smxp:Bridge:Email:Outbound:AllowPrivateNetworks", "true")
            .With("Smxp:Federation:FirstAttemptMilliseconds", "20000"));
        _alice = await _server.SignInNewAsync("alice@example.test");
    }

    public void Dispose() => _dns.Dispose();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task The_exchanger_of_least_preference_number_is_asked_first()
    {
        await using var first = new OutsideServer(First, _second.Port);
        Zone.Exchange("mail.test", 20, "second.mail.test").Exchange("mail.test", 5, "first.mail.test");
        Assert.Equal("sent", Status(await SendAsync()));
        Assert.Equal(["bob@mail.test"], (await first.NextAsync()).Recipients);
        Assert.Equal(0, _second.Connections);
    }

    [Fact]
    public async Task Where_the_first_does_not_listen_the_next_gets_the_mail()
    {
        TwoExchangers();
        Assert.Equal("sent", Status(await SendAsync()));
        Assert.Equal("alice@example.test", (await _second.NextAsync()).Sender);
    }

    [Theory]
    [InlineData("CONNECT", "421 4.3.2 Not now")]
    [InlineData("CONNECT", "554 5.3.2 No SMTP service here")]
    [InlineData("EHLO", "421 4.7.0 Go away")]
    [InlineData("MAIL", "451 4.3.0 Try again")]
    [InlineData("RCPT", "450 4.2.1 Greylisted")]
    [InlineData("DATA", "451 4.3.0 Try again")]
    [InlineData(".", "452 4.3.1 Out of space")]
    public async Task Where_the_first_cannot_take_it_now_the_next_gets_the_mail(string verb, string reply)
    {
        await using var first = new OutsideServer(First, _second.Port);
        first.Refusals[verb] = reply;
        TwoExchangers();
        Assert.Equal("sent", Status(await SendAsync()));
        await _second.NextAsync();
        Assert.True(first.Connections > 0);
        Assert.False(first.HasMail);
    }

    [Fact]
    public async Task A_refusal_for_good_is_final_and_told_in_the_server_s_words()
    {
        await using var first = new OutsideServer(First, _second.Port);
        first.Refusals["RCPT"] = "550 5.1.1 No such user here";
        TwoExchangers();
        var result = await SendAsync();
        Assert.Equal("failed", Status(result));
        Assert.Contains("No such user here", Error(await SentRowAsync()), StringComparison.Ordinal);
        Assert.Equal(0, _second.Connections);
    }

    [Fact]
    public async Task Where_all_are_away_the_mail_waits_and_says_why()
    {
        Zone.Exchange("mail.test", 5, "first.mail.test");
        Assert.Equal("queued", Status(await SendAsync()));
        Assert.Contains("first.mail.test", Error(await SentRowAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_operator_has_tried_again_goes_to_a_server_that_was_away_a_moment_ago()
    {
        Zone.Exchange("mail.test", 5, "first.mail.test");
        Assert.Equal("queued", Status(await SendAsync()));
        await using var first = new OutsideServer(First, _second.Port);
        using var admin = _server.NewAdminClient();
        using var answer = await admin.PostAsJsonAsync("/.smxp/admin/queue/retry", new { destination = "mail.test" });
        answer.EnsureSuccessStatusCode();
        Assert.Equal(["bob@mail.test"], (await first.NextAsync()).Recipients);
    }

    [Fact]
    public async Task A_domain_that_takes_no_mail_is_refused_at_once()
    {
        // RFC 7505; an address is no way around it.
        Zone.Exchange("mail.test", 0, ".").Address("mail.test", Second);
        Assert.Equal("failed", Status(await SendAsync()));
        var row = await SentRowAsync();
        Assert.Equal(("failed", "mail.test says that it takes no email (null MX)"), (Status(row), Error(row)));
        Assert.Equal(0, _second.Connections);
    }

    [Fact]
    public async Task Without_exchangers_the_domain_s_own_address_is_one()
    {
        Zone.Address("mail.test", Second);
        Assert.Equal("sent", Status(await SendAsync()));
        Assert.Equal(["bob@mail.test"], (await _second.NextAsync()).Recipients);
    }

    [Fact]
    public async Task Of_a_host_s_addresses_the_next_is_tried_too()
    {
        // Nobody listens at the IPv6 loopback, which comes first, nor at the first IPv4 address.
        Zone.Address("mail.test", "::1").Address("mail.test", First).Address("mail.test", Second);
        Assert.Equal("sent", Status(await SendAsync()));
        await _second.NextAsync();
    }

    [Fact]
    public async Task A_domain_that_does_not_exist_is_refused_with_what_was_looked_up()
    {
        Assert.Equal("failed", Status(await SendAsync()));
        string? error = Error(await SentRowAsync());
        Assert.Contains("no way to deliver to mail.test", error, StringComparison.Ordinal);
        Assert.Contains("no MX, A or AAAA", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_server_that_fails_keeps_the_mail_for_later()
    {
        Zone.Codes["mail.test"] = 2;
        Assert.Equal("queued", Status(await SendAsync()));
    }

    private void TwoExchangers() => Zone.Exchange("mail.test", 5, "first.mail.test").Exchange("mail.test", 20, "second.mail.test");

    private async Task<JsonNode> SendAsync()
    {
        using var answer = await _alice.PostAsJsonAsync("/.smxp/mail/send", new { to = "bob@mail.test", subject = "Hello", body = "Is anybody there?" });
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["results"]![0]!;
    }

    private async Task<JsonNode> SentRowAsync() => (await _alice.GetFromJsonAsync<JsonObject>("/.smxp/mail/sent"))!["messages"]![0]!;

    private static string? Status(JsonNode row) => (string?)row["status"];

    private static string? Error(JsonNode row) => (string?)row["error"];
}
