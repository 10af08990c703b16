using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Smxp.Testing;

namespace Smxp.Host.Tests.Delegations;

/// <summary>Delegation between two servers, as their users see it: alice's mailbox is at the first, bob, her delegate, at the second.</summary>
public sealed class RemoteDelegationTests : IAsyncLifetime
{
    private TestServer _first = null!, _second = null!;
    private HttpClient _alice = null!, _bob = null!, _carol = null!;

    public async Task InitializeAsync()
    {
        (_first, _second) = await TestServer.StartPairAsync("example.test", "peer.test");
        _alice = await _first.SignInNewAsync("alice@example.test");
        _carol = await _first.SignInNewAsync("carol@example.test");
        _bob = await _second.SignInNewAsync("bob@peer.test");
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task A_delegate_sends_in_the_owners_name()
    {
        await GrantAsync("send");
        (HttpStatusCode status, JsonNode body) = await BobAsync(HttpMethod.Post, "/.smxp/mail/send", new { from = "alice@example.test", to = "carol@example.test", subject = "Hi", body = "for alice" });

        Assert.True(status == HttpStatusCode.Created, body.ToJsonString());
        Assert.Equal("carol@example.test", (string?)body["results"]![0]!["to"]);
        JsonNode received = (await RowsAsync(_carol, "/.smxp/mail/inbox"))[0]!;
        Assert.Equal(("alice@example.test", "for alice"), ((string?)received["from"], (string?)received["body"]));
        Assert.Equal("bob@peer.test", (string?)(await RowsAsync(_alice, "/.smxp/mail/sent"))[0]!["on_behalf_of"]);
    }

    [Fact]
    public async Task One_call_to_several_is_one_conversation()
    {
        await GrantAsync("manage");
        (_, JsonNode body) = await BobAsync(HttpMethod.Post, "/.smxp/mail/send", new { from = "alice@example.test", to = new[] { "carol@example.test", "alice@example.test" }, body = "both" });

        Assert.Equal((string?)body["results"]![0]!["conversation_id"], (string?)body["results"]![1]!["conversation_id"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("read")]
    public async Task Sending_takes_the_scope_for_it(string? scope)
    {
        if (scope is not null) await GrantAsync(scope);
        (HttpStatusCode status, JsonNode body) = await BobAsync(HttpMethod.Post, "/.smxp/mail/send", new { from = "alice@example.test", to = "carol@example.test", body = "x" });

        Assert.True(status == HttpStatusCode.Forbidden, body.ToJsonString());
        Assert.Empty(await RowsAsync(_carol, "/.smxp/mail/inbox"));
    }

    [Fact]
    public async Task A_delegate_reads_the_owners_mail()
    {
        await GrantAsync("read");
        (await _carol.PostAsJsonAsync("/.smxp/mail/send", new { to = "alice@example.test", body = "secret" })).EnsureSuccessStatusCode();
        (HttpStatusCode status, JsonNode body) = await BobAsync(HttpMethod.Get, "/.smxp/mail/inbox?limit=5&on_behalf_of=alice@example.test");

        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
        JsonNode row = Assert.Single(body["messages"]!.AsArray())!;
        Assert.Equal("secret", (string?)row["body"]);
        Assert.Equal("secret", (string?)(await BobAsync(HttpMethod.Get, $"/.smxp/mail/messages/{row["id"]}?on_behalf_of=alice@example.test")).Body["message"]!["body"]);
        Assert.Equal(HttpStatusCode.NotFound, (await BobAsync(HttpMethod.Get, "/.smxp/mail/messages/none?on_behalf_of=alice@example.test")).Status);
    }

    [Fact]
    public async Task Reading_does_not_take_the_scope_to_send()
    {
        await GrantAsync("send");
        Assert.Equal(HttpStatusCode.Forbidden, (await BobAsync(HttpMethod.Get, "/.smxp/mail/inbox?on_behalf_of=alice@example.test")).Status);
    }

    [Fact]
    public async Task A_revocation_holds_at_once()
    {
        string id = await GrantAsync("manage");
        Assert.Equal(HttpStatusCode.OK, (await BobAsync(HttpMethod.Get, "/.smxp/mail/inbox?on_behalf_of=alice@example.test")).Status);
        (await _alice.DeleteAsync($"/.smxp/delegations/{id}")).EnsureSuccessStatusCode();

        Assert.Equal(HttpStatusCode.Forbidden, (await BobAsync(HttpMethod.Get, "/.smxp/mail/inbox?on_behalf_of=alice@example.test")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await BobAsync(HttpMethod.Post, "/.smxp/mail/send", new { from = "alice@example.test", to = "carol@example.test", body = "x" })).Status);
    }

    [Fact]
    public async Task A_manager_marks_the_owners_mail_as_read()
    {
        await GrantAsync("manage");
        JsonNode sent = (await (await _carol.PostAsJsonAsync("/.smxp/mail/send", new { to = "alice@example.test", body = "x" })).Content.ReadFromJsonAsync<JsonNode>())!;
        (HttpStatusCode status, JsonNode body) = await BobAsync(HttpMethod.Post, $"/.smxp/mail/conversations/{sent["results"]![0]!["conversation_id"]}/read?on_behalf_of=alice@example.test");

        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
        Assert.Equal(1, (int)(await RowsAsync(_alice, "/.smxp/mail/inbox"))[0]!["read_status"]!);
    }

    [Fact]
    public async Task An_owners_server_that_is_gone_is_a_bad_gateway()
    {
        await _first.StopAsync();
        Assert.Equal(HttpStatusCode.BadGateway, (await BobAsync(HttpMethod.Get, "/.smxp/mail/inbox?on_behalf_of=alice@example.test")).Status);
    }

    private async Task<string> GrantAsync(string scope)
    {
        using HttpResponseMessage response = await _alice.PostAsJsonAsync("/.smxp/delegations", new { @delegate = "bob@peer.test", scope });
        response.EnsureSuccessStatusCode();
        return (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["delegation"]!["id"]!;
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> BobAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using HttpResponseMessage response = await _bob.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private static async Task<JsonArray> RowsAsync(HttpClient client, string path) => (await client.GetFromJsonAsync<JsonNode>(path))!["messages"]!.AsArray();
}
