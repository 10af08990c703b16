using System.Net;
using System.Text.Json;
using Smxp.Plugins.Storage;
using Smxp.Testing;

namespace Smxp.Host.Tests.Mail;

public sealed class RoutingTests : IAsyncLifetime
{
    private TestServer _here = null!;
    private TestServer _there = null!;
    private MailClient _alice = null!;
    private MailClient _bob = null!;

    public async Task InitializeAsync()
    {
        (_here, _there) = await TestServer.StartPairAsync(configure: static settings => settings.With("Smxp:Federation:FirstAttemptMilliseconds", "20000"));
        _alice = await MailClient.NewAsync(_here, "alice@example.test");
        _bob = await MailClient.NewAsync(_there, "bob@peer.test");
    }

    public async Task DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
    }

    [Fact]
    public async Task Answers_sent_where_the_peer_takes_it_at_once()
    {
        JsonElement result = await _alice.SendAsync(new { to = "bob@peer.test", body = "over there" });
        Assert.Equal("sent", result.Text("status"));
        JsonElement row = Assert.Single(await _bob.InboxAsync());
        Assert.Equal((result.Text("id"), "smxp", 1), (row.Text("id"), row.Text("transport"), row.Number("verified")));
        JsonElement sent = await _alice.MessageAsync(result.Text("id")!);
        Assert.Equal(("sent", "smxp"), (sent.Text("status"), sent.Text("transport")));
    }

    [Fact]
    public async Task Edits_deletes_and_receipts_cross_over()
    {
        string id = await _alice.SendTextAsync("bob@peer.test", "one", "talk");
        await _alice.PostAsync($"/.smxp/mail/messages/{id}/edit", new { to = "bob@peer.test", body = "two" });
        Assert.Equal("two", (await _bob.MessageAsync(id)).Text("body"));
        (HttpStatusCode status, JsonElement acknowledged) = await _bob.PostAsync("/.smxp/mail/conversations/talk/ack", new { });
        Assert.Equal((HttpStatusCode.Created, "alice@example.test"), (status, acknowledged.Text("to")));
        Assert.Equal(2, (await _alice.MessageAsync(id)).Number("read_status"));
        await _alice.PostAsync($"/.smxp/mail/messages/{id}/delete", new { });
        Assert.True((await _bob.MessageAsync(id)).GetProperty("deleted").GetBoolean());
    }

    [Fact]
    public async Task Refusal_of_the_peer_is_told_at_once()
    {
        JsonElement result = await _alice.SendAsync(new { to = "nobody@peer.test", body = "hello?" });
        Assert.Equal("failed", result.Text("status"));
        Assert.Contains("recipient address not found", result.Text("error"), StringComparison.Ordinal);
        JsonElement row = await _alice.MessageAsync(result.Text("id")!);
        Assert.Equal("failed", row.Text("status"));
        Assert.Contains("recipient address not found", row.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Local_target_gets_the_envelope_itself()
    {
        using MailClient carol = await MailClient.NewAsync(_here, "carol@example.test");
        await RouteAsync(_here, "example.test", "team", "sales@example.test");
        await RouteAsync(_here, "example.test", "sal*", "alice@example.test");
        await RouteAsync(_here, "example.test", "sales", "carol@example.test");
        string id = (await _bob.SendAsync(new { to = "team@example.test", body = "an offer" })).Text("id")!;
        foreach (MailClient member in new[] { _alice, carol })
        {
            JsonElement row = await member.MessageAsync(id);
            Assert.Equal(("team@example.test", member.Address, "an offer"), (row.Text("to"), row.Text("delivered_to"), row.Text("body")));
        }
    }

    [Fact]
    public async Task Remote_target_gets_a_forward_from_the_routed_address()
    {
        await RouteAsync(_here, "example.test", "alice", "bob@peer.test");
        string id = await _alice.SendTextAsync("alice@example.test", "to both");
        Assert.Equal(id, Assert.Single(await _alice.InboxAsync()).Text("id"));
        JsonElement row = Assert.Single(await _bob.InboxOfAsync(1));
        Assert.Equal(("forward", "alice@example.test", "bob@peer.test"), (row.Text("content_type"), row.Text("from"), row.Text("to")));
        using JsonDocument original = JsonDocument.Parse(row.Text("body")!);
        Assert.Equal(id, original.RootElement.Text("id"));
    }

    [Fact]
    public async Task Wildcards_that_point_at_each_other_end()
    {
        await RouteAsync(_here, "example.test", "*", "ring@peer.test");
        await RouteAsync(_there, "peer.test", "ring", "back@example.test");
        await RouteAsync(_there, "peer.test", "*", "again@example.test");
        string id = await _alice.SendTextAsync("round@example.test", "and round");

        // Each inbox on the way sees the original at most once, and the outboxes run dry.
        await Eventually.TrueAsync(async () => await OutboxAsync(_here) == 0 && await OutboxAsync(_there) == 0);
        Assert.True((await _alice.InboxAsync("?limit=100")).Length <= 1);
        Assert.True((await _bob.InboxAsync("?limit=100")).Length <= 1);
        Assert.Equal("sent", (await _alice.MessageAsync(id)).Text("status"));
    }

    [Fact]
    public async Task Circle_of_local_routes_is_no_address()
    {
        await RouteAsync(_here, "example.test", "a", "b@example.test");
        await RouteAsync(_here, "example.test", "b", "a@example.test");
        (HttpStatusCode status, JsonElement body) = await _alice.PostAsync("/.smxp/mail/send", new { to = "a@example.test", body = "?" });
        Assert.Equal((HttpStatusCode.NotFound, "recipient address not found"), (status, body.Error()));
    }

    private static async Task<int> OutboxAsync(TestServer server) =>
        await ((IOutbox)server.Services.GetService(typeof(IOutbox))!).CountAsync(CancellationToken.None);

    private static async Task RouteAsync(TestServer server, string domain, string pattern, string target)
    {
        using HttpClient http = server.NewAdminClient();
        using var admin = new MailClient(http, "");
        (HttpStatusCode status, JsonElement body) = await admin.PostAsync("/.smxp/admin/routes", new { domain, pattern, target_address = target });
        Assert.True(status == HttpStatusCode.Created, body.ToString());
    }
}
