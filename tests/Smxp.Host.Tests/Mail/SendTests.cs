using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Mail;

public sealed class SendTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private MailClient _alice = null!;
    private MailClient _bob = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(settings => settings.With("Smxp:Federation:MaxEnvelopeBytes", "20000"));
        _alice = await MailClient.NewAsync(_server, "alice@example.test");
        _bob = await MailClient.NewAsync(_server, "bob@example.test");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Delivers_to_a_local_inbox_with_every_member_of_a_row()
    {
        JsonElement result = await _alice.SendAsync(new { to = "bob@example.test", subject = "Hello", body = "a < b & 'c' – ü 😀", name = "Alice", expires = 4_000_000_000 });
        Assert.Equal("sent", result.Text("status"));
        Assert.Equal("bob@example.test", result.Text("to"));

        JsonElement row = Assert.Single(await _bob.InboxAsync());
        string[] members =
        [
            "id", "version", "conversation_id", "in_reply_to", "timestamp", "direction", "type", "sender", "recipient", "from", "to", "delivered_to", "name", "subject", "body",
            "content_type", "read_status", "expires", "expires_at", "server_signature", "server_key_id", "signature", "key_id", "verified", "on_behalf_of", "created_at", "attachments",
            "edited_by", "deleted", "status", "error", "transport", "participants",
        ];
        Assert.Equal(members.Order(), row.EnumerateObject().Select(static m => m.Name).Order());
        Assert.Equal(result.Text("id"), row.Text("id"));
        Assert.Equal(result.Text("conversation_id"), row.Text("conversation_id"));
        Assert.Equal(("in", "message", "text", "local"), (row.Text("direction"), row.Text("type"), row.Text("content_type"), row.Text("transport")));
        Assert.Equal(("alice@example.test", "alice@example.test"), (row.Text("from"), row.Text("sender")));
        Assert.Equal(("bob@example.test", "bob@example.test", "bob@example.test"), (row.Text("to"), row.Text("recipient"), row.Text("delivered_to")));
        Assert.Equal(("Alice", "Hello", "a < b & 'c' – ü 😀"), (row.Text("name"), row.Text("subject"), row.Text("body")));
        Assert.Equal((0, 1), (row.Number("read_status"), row.Number("verified")));
        Assert.Equal((4_000_000_000, 4_000_000_000), (row.GetProperty("expires").GetInt64(), row.GetProperty("expires_at").GetInt64()));
        Assert.Equal(row.Text("signature"), row.Text("server_signature"));
        Assert.Equal(row.Text("key_id"), row.Text("server_key_id"));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("status").ValueKind);

        JsonElement sent = Assert.Single(await _alice.SentAsync());
        Assert.Equal(("out", "sent", "local"), (sent.Text("direction"), sent.Text("status"), sent.Text("transport")));
        Assert.Empty(await _alice.InboxAsync());
    }

    [Fact]
    public async Task Sends_to_several_in_one_conversation_once_each()
    {
        (_, JsonElement body) = await _alice.PostAsync("/.smxp/mail/send", new { to = new[] { "bob@example.test", "alice@example.test", "BOB@example.test" }, body = "hi" });
        JsonElement[] results = [.. body.GetProperty("results").EnumerateArray()];
        Assert.Equal(2, results.Length);
        Assert.Equal(results[0].Text("conversation_id"), results[1].Text("conversation_id"));
        Assert.NotEqual(results[0].Text("id"), results[1].Text("id"));
        Assert.Single(await _bob.InboxAsync());
        Assert.Single(await _alice.InboxAsync());
        Assert.Equal(2, (await _alice.SentAsync()).Length);
    }

    [Fact]
    public async Task Delivers_two_equal_messages_of_one_second_both()
    {
        const string conversation = "the-same";
        string[] ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _alice.SendTextAsync("bob@example.test", "ok", conversation)));
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(4, (await _bob.InboxAsync()).Length);
    }

    [Fact]
    public async Task Stores_nothing_for_anybody_where_one_recipient_is_unknown()
    {
        (HttpStatusCode status, JsonElement body) = await _alice.PostAsync("/.smxp/mail/send", new { to = new[] { "bob@example.test", "nobody@example.test" }, body = "hi" });
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("nobody@example.test", body.Error(), StringComparison.Ordinal);
        Assert.Empty(await _bob.InboxAsync());
        Assert.Empty(await _alice.SentAsync());
    }

    public static TheoryData<string, HttpStatusCode, string> Refusals => new()
    {
        { """{"body":"x"}""", HttpStatusCode.BadRequest, "recipient" },
        { """{"to":[],"body":"x"}""", HttpStatusCode.BadRequest, "recipient" },
        { """{"to":"bob","body":"x"}""", HttpStatusCode.BadRequest, "'bob' is not an address" },
        { """{"to":["bob@example.test",7]}""", HttpStatusCode.BadRequest, "to" },
        { """{"to":{"a":1}}""", HttpStatusCode.BadRequest, "to" },
        { """{"to":"bob@example.test","content_type":"poem"}""", HttpStatusCode.BadRequest, "markdown" },
        { """{"to":"bob@example.test","content_type":"forward","body":"no json"}""", HttpStatusCode.BadRequest, "" },
        { """{"to":"bob@example.test","type":"poke"}""", HttpStatusCode.BadRequest, "type" },
        { """{"to":"bob@example.test","type":"edit","conversation_id":"c"}""", HttpStatusCode.BadRequest, "in_reply_to" },
        { """{"to":"bob@example.test","conversation_id":"  "}""", HttpStatusCode.BadRequest, "conversation_id" },
        { """{"to":"bob@example.test","expires":-1}""", HttpStatusCode.BadRequest, "expires" },
        { """{"to":"bob@example.test","expires":5}""", HttpStatusCode.BadRequest, "expires" },
        { """{"to":"bob@example.test","expires":"soon"}""", HttpStatusCode.BadRequest, "expires" },
        { """{"to":"bob@example.test","body":"\ud800"}""", HttpStatusCode.BadRequest, "" },
        { """{"to":"bob@example.test","attachments":[{"blob_id":"blob_none"}]}""", HttpStatusCode.BadRequest, "blob_none" },
        { """{"to":"bob@example.test","attachments":[{}]}""", HttpStatusCode.BadRequest, "" },
        { """{"to":"bob@example.test","attachments":[null]}""", HttpStatusCode.BadRequest, "blob_id is required" },
        { """{"to":"bob@example.test","conversation_id":"a\u0000b"}""", HttpStatusCode.BadRequest, "conversation_id is too long, or holds control characters" },
        { """{"to":"bob@example.test","in_reply_to":"a\nb"}""", HttpStatusCode.BadRequest, "in_reply_to is too long, or holds control characters" },
        { $$"""{"to":"{{new string('a', 2000)}}@elsewhere.test"}""", HttpStatusCode.BadRequest, "to is too long, or holds control characters" },
        { """{"to":"nobody@example.test"}""", HttpStatusCode.NotFound, "recipient address not found" },
        { """{"to":"bob@example.test","from":"bob@example.test"}""", HttpStatusCode.Forbidden, "delegation" },
        { """{"to":"bob@example.test","from":"nonsense"}""", HttpStatusCode.BadRequest, "from" },
        { """{"to":"bob@example.test" """, HttpStatusCode.BadRequest, "" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refuses_what_a_client_got_wrong(string json, HttpStatusCode expected, string says)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _alice.Http.PostAsync("/.smxp/mail/send", content);
        JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(expected, response.StatusCode);
        Assert.Contains(says, body.Error(), StringComparison.Ordinal);
        Assert.Empty(await _alice.SentAsync());
    }

    [Fact]
    public async Task Refuses_what_is_too_large()
    {
        (HttpStatusCode status, _) = await _alice.PostAsync("/.smxp/mail/send", new { to = "bob@example.test", body = new string('x', 30_000) });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Empty(await _bob.InboxAsync());
    }

    [Fact]
    public async Task Refuses_more_than_a_hundred_recipients()
    {
        (HttpStatusCode status, _) = await _alice.PostAsync("/.smxp/mail/send", new { to = Enumerable.Range(0, 101).Select(i => $"a{i}@example.test") });
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task Needs_a_token()
    {
        using HttpResponseMessage response = await _server.Http.PostAsJsonAsync("/.smxp/mail/send", new { to = "bob@example.test" });
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Gives_each_recipient_its_own_download_token()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("the file");
        string blob = await UploadAsync(_alice, bytes);
        (HttpStatusCode status, _) = await _alice.PostAsync("/.smxp/mail/send", new { to = new[] { "bob@example.test", "alice@example.test" }, attachments = new[] { new { blob_id = blob, name = "file.txt" } } });
        Assert.Equal(HttpStatusCode.Created, status);

        JsonElement forBob = Assert.Single(await _bob.InboxAsync()).GetProperty("attachments")[0];
        JsonElement forAlice = Assert.Single(await _alice.InboxAsync()).GetProperty("attachments")[0];
        Assert.Equal((blob, "example.test", "file.txt", bytes.Length), (forBob.Text("blob_id"), forBob.Text("host"), forBob.Text("name"), forBob.Number("size")));
        Assert.NotEqual(forBob.Text("download_token"), forAlice.Text("download_token"));
        foreach (JsonElement attachment in new[] { forBob, forAlice })
            Assert.Equal(bytes, await _server.Http.GetByteArrayAsync($"/.smxp/blobs/{blob}?token={attachment.Text("download_token")}"));
    }

    [Fact]
    public async Task Attaches_no_blob_of_somebody_else()
    {
        string blob = await UploadAsync(_alice, [1, 2, 3]);
        (HttpStatusCode status, JsonElement body) = await _bob.PostAsync("/.smxp/mail/send", new { to = "alice@example.test", attachments = new[] { new { blob_id = blob } } });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("no such blob", body.Error(), StringComparison.Ordinal);
    }

    private static async Task<string> UploadAsync(MailClient client, byte[] bytes)
    {
        (_, JsonElement created) = await client.PostAsync("/.smxp/blobs", new { size = bytes.Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) });
        string blob = created.Text("blob_id")!;
        using HttpResponseMessage put = await client.Http.PutAsync($"/.smxp/blobs/{blob}/chunk?offset=0", new ByteArrayContent(bytes));
        put.EnsureSuccessStatusCode();
        using HttpResponseMessage done = await client.Http.PostAsync($"/.smxp/blobs/{blob}/finalize", null);
        done.EnsureSuccessStatusCode();
        return blob;
    }
}
