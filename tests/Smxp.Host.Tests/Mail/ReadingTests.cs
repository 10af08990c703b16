using System.Net;
using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Mail;

public sealed class ReadingTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private MailClient _alice = null!;
    private MailClient _bob = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _alice = await MailClient.NewAsync(_server, "alice@example.test");
        _bob = await MailClient.NewAsync(_server, "bob@example.test");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Counts_unread_and_marks_read()
    {
        string first = await _alice.SendTextAsync("bob@example.test", "1", "one");
        await _alice.SendTextAsync("bob@example.test", "2", "one");
        await _alice.SendTextAsync("bob@example.test", "3", "two");
        Assert.Equal(3, (await _bob.GetAsync("/.smxp/mail/unread")).Number("unread"));
        JsonElement grouped = await _bob.GetAsync("/.smxp/mail/unread?grouped=1");
        Assert.Equal(3, grouped.Number("total"));
        Assert.Equal([("one", 2), ("two", 1)], grouped.GetProperty("conversations").EnumerateArray().Select(c => (c.Text("conversation_id"), c.Number("count"))).OrderBy(c => c.Item1));
        Assert.Equal(0, (await _alice.GetAsync("/.smxp/mail/unread")).Number("unread"));

        (HttpStatusCode status, JsonElement body) = await _bob.PostAsync($"/.smxp/mail/messages/{first}/read", new { });
        Assert.Equal((HttpStatusCode.OK, "read", 1), (status, body.Text("status"), body.Number("updated")));
        Assert.Equal(1, (await _bob.MessageAsync(first)).Number("read_status"));

        (_, body) = await _bob.PostAsync("/.smxp/mail/conversations/one/read", new { });
        Assert.Equal(("read", "one", 1), (body.Text("status"), body.Text("conversation_id"), body.Number("updated")));
        Assert.Equal(1, (await _bob.GetAsync("/.smxp/mail/unread")).Number("unread"));
    }

    [Fact]
    public async Task Acknowledging_tells_the_sender()
    {
        string id = await _alice.SendTextAsync("bob@example.test", "urgent", "one");
        (HttpStatusCode status, JsonElement body) = await _bob.PostAsync("/.smxp/mail/conversations/one/ack", new { });
        Assert.Equal((HttpStatusCode.Created, "acknowledged", "one", "alice@example.test", 1), (status, body.Text("status"), body.Text("conversation_id"), body.Text("to"), body.Number("updated")));
        Assert.False(string.IsNullOrEmpty(body.Text("receipt_id")));
        Assert.Equal(2, (await _bob.MessageAsync(id)).Number("read_status"));
        Assert.Equal(2, (await _alice.MessageAsync(id)).Number("read_status"));
        // A receipt is applied, never stored as a message.
        Assert.Empty(await _alice.InboxAsync());
        Assert.Empty(await _bob.SentAsync());
    }

    [Fact]
    public async Task Pages_in_both_directions_without_gap_or_repeat()
    {
        string[] ids = new string[25];
        for (int i = 0; i < ids.Length; i++) ids[i] = await _alice.SendTextAsync("bob@example.test", $"{i}", "one");
        Array.Reverse(ids);

        List<string> seen = [];
        string after = "";
        JsonElement page;
        do
        {
            page = await _bob.GetAsync($"/.smxp/mail/inbox?limit=10{after}");
            seen.AddRange(page.GetProperty("messages").EnumerateArray().Select(m => m.Text("id")!));
            JsonElement cursors = page.GetProperty("cursors");
            Assert.Equal((cursors.Text("after"), cursors.Text("before")), (cursors.Text("next"), cursors.Text("prev")));
            after = "&after=" + cursors.Text("next");
        }
        while (page.GetProperty("cursors").GetProperty("has_more").GetBoolean());
        Assert.Equal(ids, seen);

        // And back: what stands before the last page is the page before it, in the same order.
        JsonElement back = await _bob.GetAsync("/.smxp/mail/inbox?limit=10&before=" + page.GetProperty("cursors").Text("prev"));
        Assert.Equal(ids[10..20], back.GetProperty("messages").EnumerateArray().Select(m => m.Text("id")));

        JsonElement thread = await _bob.GetAsync($"/.smxp/mail/threads/{ids[3]}");
        Assert.Equal(ids.Reverse(), thread.GetProperty("messages").EnumerateArray().Select(m => m.Text("id")));
        JsonElement rest = await _bob.GetAsync($"/.smxp/mail/threads/{ids[3]}?limit=5&after=" + (await _bob.GetAsync($"/.smxp/mail/threads/{ids[3]}?limit=5")).GetProperty("cursors").Text("after"));
        Assert.Equal(ids.Reverse().Skip(5).Take(5), rest.GetProperty("messages").EnumerateArray().Select(m => m.Text("id")));
    }

    [Fact]
    public async Task Bounds_the_limit_and_refuses_a_foreign_cursor()
    {
        for (int i = 0; i < 3; i++) await _alice.SendTextAsync("bob@example.test", $"{i}");
        Assert.Single(await _bob.InboxAsync("?limit=-5"));
        Assert.Equal(3, (await _bob.InboxAsync("?limit=100000")).Length);
        Assert.Equal(3, (await _bob.InboxAsync("?limit=many")).Length);
        (HttpStatusCode status, JsonElement body) = await _bob.TryGetAsync("/.smxp/mail/inbox?after=abc");
        Assert.Equal((HttpStatusCode.BadRequest, "malformed cursor"), (status, body.Error()));
    }

    [Fact]
    public async Task Lists_conversations_newest_first()
    {
        await _alice.SendTextAsync("bob@example.test", "1", "one");
        await _alice.SendTextAsync("bob@example.test", "2", "two");
        await _bob.SendTextAsync("alice@example.test", "3", "one");
        JsonElement answer = await _bob.GetAsync("/.smxp/mail/conversations?limit=1");
        JsonElement first = Assert.Single(answer.GetProperty("conversations").EnumerateArray());
        Assert.Equal(("one", 2, 1), (first.Text("conversation_id"), first.Number("messages"), first.Number("unread")));
        Assert.Equal("3", first.GetProperty("last_message").Text("body"));
        Assert.Equal(["alice@example.test", "bob@example.test"], first.GetProperty("participants").EnumerateArray().Select(p => p.GetString()!).Order());
        Assert.True(answer.GetProperty("cursors").GetProperty("has_more").GetBoolean());

        JsonElement more = await _bob.GetAsync("/.smxp/mail/conversations?limit=1&after=" + answer.GetProperty("cursors").Text("next"));
        Assert.Equal("two", Assert.Single(more.GetProperty("conversations").EnumerateArray()).Text("conversation_id"));
        Assert.False(more.GetProperty("cursors").GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task Finds_words_and_renders_safely()
    {
        JsonElement sent = await _alice.SendAsync(new { to = "bob@example.test", subject = "Recipe", content_type = "markdown", body = "**Cinnamon** rolls\n\n<script>alert(1)</script>" });
        await _alice.SendTextAsync("bob@example.test", "nothing to see");
        foreach (string words in new[] { "cinnamon", "recipe rolls", "cinn*", "alice@example.test cinnamon" })
        {
            JsonElement found = await _bob.GetAsync("/.smxp/mail/search?q=" + Uri.EscapeDataString(words));
            Assert.Equal(sent.Text("id"), Assert.Single(found.GetProperty("messages").EnumerateArray()).Text("id"));
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await _bob.TryGetAsync("/.smxp/mail/search?q=%20")).Status);
        using HttpResponseMessage page = await _bob.Http.GetAsync($"/.smxp/mail/messages/{sent.Text("id")}/render");
        string html = await page.Content.ReadAsStringAsync();
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("<strong>Cinnamon</strong>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'none'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_nobody_elses_mail()
    {
        string id = await _alice.SendTextAsync("alice@example.test", "to myself");
        foreach (string path in new[] { $"messages/{id}", $"messages/{id}/render", $"threads/{id}" })
            Assert.Equal(HttpStatusCode.NotFound, (await _bob.TryGetAsync("/.smxp/mail/" + path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _bob.PostAsync($"/.smxp/mail/messages/{id}/read", new { })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _bob.PostAsync("/.smxp/mail/conversations/none/ack", new { })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.TryGetAsync("/.smxp/mail/inbox?on_behalf_of=alice@example.test")).Status);
    }

    [Fact]
    public async Task Delegates_act_within_their_scope()
    {
        string id = await _bob.SendTextAsync("alice@example.test", "for alice");
        await _alice.PostAsync("/.smxp/delegations", new { @delegate = "bob@example.test", scope = "read" });
        JsonElement inbox = await _bob.GetAsync("/.smxp/mail/inbox?on_behalf_of=alice@example.test");
        Assert.Equal(id, Assert.Single(inbox.GetProperty("messages").EnumerateArray()).Text("id"));
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.PostAsync($"/.smxp/mail/messages/{id}/read?on_behalf_of=alice@example.test", new { })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.PostAsync("/.smxp/mail/send", new { to = "bob@example.test", from = "alice@example.test" })).Status);

        await _alice.PostAsync("/.smxp/delegations", new { @delegate = "bob@example.test", scope = "manage" });
        Assert.Equal(HttpStatusCode.OK, (await _bob.PostAsync($"/.smxp/mail/messages/{id}/read?on_behalf_of=alice@example.test", new { })).Status);
        foreach (object message in new object[] { new { to = "bob@example.test", from = "alice@example.test", body = "1" }, new { to = "bob@example.test", on_behalf_of = "alice@example.test", body = "2" } })
            Assert.Equal(HttpStatusCode.Created, (await _bob.PostAsync("/.smxp/mail/send", message)).Status);
        JsonElement[] sent = await _alice.SentAsync();
        Assert.All(sent, row => Assert.Equal(("alice@example.test", "bob@example.test"), (row.Text("from"), row.Text("on_behalf_of"))));
        Assert.Equal(2, sent.Length);
    }
}
