using System.Net;
using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Mail;

public sealed class ChangeTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private MailClient _alice = null!;
    private MailClient _bob = null!;
    private MailClient _carol = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _alice = await MailClient.NewAsync(_server, "alice@example.test");
        _bob = await MailClient.NewAsync(_server, "bob@example.test");
        _carol = await MailClient.NewAsync(_server, "carol@example.test");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Edit_shows_on_both_sides()
    {
        string id = await _alice.SendTextAsync("bob@example.test", "teh text");
        (HttpStatusCode status, JsonElement body) = await _alice.PostAsync($"/.smxp/mail/messages/{id}/edit", new { to = "bob@example.test", body = "the text" });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("edited", body.Text("status"));
        JsonElement result = body.GetProperty("results")[0];
        Assert.Equal(("edited", "bob@example.test", id), (result.Text("status"), result.Text("to"), result.Text("original_id")));

        foreach (MailClient side in new[] { _alice, _bob })
        {
            JsonElement row = await side.MessageAsync(id);
            Assert.Equal(("Hello", "the text", result.Text("id")), (row.Text("subject"), row.Text("body"), row.Text("edited_by")));
        }

        // The edit itself is found by its id, but no list shows it as a message.
        Assert.Equal("edit", (await _bob.MessageAsync(result.Text("id")!)).Text("type"));
        Assert.Single(await _bob.InboxAsync());
    }

    [Fact]
    public async Task Change_of_one_copy_is_a_change_of_all()
    {
        (_, JsonElement sent) = await _alice.PostAsync("/.smxp/mail/send", new { to = new[] { "bob@example.test", "carol@example.test" }, body = "draft" });
        string bobs = sent.GetProperty("results")[0].Text("id")!, carols = sent.GetProperty("results")[1].Text("id")!;
        (_, JsonElement edited) = await _alice.PostAsync($"/.smxp/mail/messages/{bobs}/edit", new { to = new[] { "bob@example.test", "carol@example.test" }, body = "final" });
        Assert.Equal([bobs, carols], edited.GetProperty("results").EnumerateArray().Select(r => r.Text("original_id")!));
        Assert.Equal("final", (await _bob.MessageAsync(bobs)).Text("body"));
        Assert.Equal("final", (await _carol.MessageAsync(carols)).Text("body"));

        // Without a recipient, everybody's is taken back.
        (_, JsonElement deleted) = await _alice.PostAsync($"/.smxp/mail/messages/{carols}/delete", new { });
        Assert.Equal(2, deleted.GetProperty("results").GetArrayLength());
        foreach (JsonElement row in new[] { await _bob.MessageAsync(bobs), await _carol.MessageAsync(carols), await _alice.MessageAsync(bobs) })
        {
            Assert.True(row.GetProperty("deleted").GetBoolean());
            Assert.Equal((null, null, 0), (row.Text("subject"), row.Text("body"), row.GetProperty("attachments").GetArrayLength()));
        }
    }

    [Fact]
    public async Task Delete_needs_no_body_and_ends_editing_and_forwarding()
    {
        string id = await _alice.SendTextAsync("bob@example.test", "oops");
        using HttpResponseMessage response = await _alice.Http.PostAsync($"/.smxp/mail/messages/{id}/delete", null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await _alice.PostAsync($"/.smxp/mail/messages/{id}/edit", new { to = "bob@example.test", body = "x" })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await _bob.PostAsync($"/.smxp/mail/messages/{id}/forward", new { to = "carol@example.test" })).Status);
        Assert.Empty((await _bob.GetAsync("/.smxp/mail/search?q=oops")).GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Nobody_changes_what_another_wrote()
    {
        string id = await _alice.SendTextAsync("bob@example.test", "mine");
        foreach (string change in new[] { "edit", "delete" })
            Assert.Equal(HttpStatusCode.NotFound, (await _bob.PostAsync($"/.smxp/mail/messages/{id}/{change}", new { to = "alice@example.test", body = "yours" })).Status);

        // Nor by sending the edit by hand.
        string conversation = (await _bob.MessageAsync(id)).Text("conversation_id")!;
        (HttpStatusCode status, JsonElement body) = await _bob.PostAsync(
            "/.smxp/mail/send", new { to = "alice@example.test", type = "edit", in_reply_to = id, conversation_id = conversation, body = "yours" });
        Assert.Equal((HttpStatusCode.Forbidden, "not the author"), (status, body.Error()));
        Assert.Equal("mine", (await _alice.MessageAsync(id)).Text("body"));
    }

    [Fact]
    public async Task Forward_keeps_the_innermost_original()
    {
        string id = await _alice.SendTextAsync("bob@example.test", "the news");
        (HttpStatusCode status, JsonElement first) = await _bob.PostAsync($"/.smxp/mail/messages/{id}/forward", new { to = "carol@example.test" });
        Assert.Equal((HttpStatusCode.Created, "forwarded"), (status, first.Text("status")));
        string forward = first.GetProperty("results")[0].Text("id")!;
        (_, JsonElement second) = await _carol.PostAsync($"/.smxp/mail/messages/{forward}/forward", new { to = "alice@example.test", subject = "look" });

        JsonElement row = await _alice.MessageAsync(second.GetProperty("results")[0].Text("id")!);
        Assert.Equal(("forward", "look", "carol@example.test"), (row.Text("content_type"), row.Text("subject"), row.Text("from")));
        using JsonDocument inner = JsonDocument.Parse(row.Text("body")!);
        Assert.Equal((id, "the news", "alice@example.test"), (inner.RootElement.Text("id"), inner.RootElement.Text("body"), inner.RootElement.Text("from")));
    }

    [Fact]
    public async Task Unknown_messages_are_not_found()
    {
        foreach (string change in new[] { "edit", "delete", "forward" })
            Assert.Equal((HttpStatusCode.NotFound, "message not found"), await Outcome(_alice.PostAsync($"/.smxp/mail/messages/none/{change}", new { to = "bob@example.test", body = "x" })));
    }

    private static async Task<(HttpStatusCode Status, string Error)> Outcome(Task<(HttpStatusCode Status, JsonElement Body)> request)
    {
        (HttpStatusCode status, JsonElement body) = await request;
        return (status, body.Error());
    }
}
