using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>What the ledger says of mail that came, went, and was turned away; the story of one message; and conversations put right. Through the real host.</summary>
#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed class LedgerTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly OutsideServer _outside = new();
    private readonly int _port = FreePort.Next();
    private TestServer _server = null!;
    private HttpClient _alice = null!;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{_port}")
            .With("Smxp:Bridge:Email:Outbound:HoldSeconds", "0")
            .With("Smxp:Federation:FirstAttemptMilliseconds", "20000")
            .With("Smxp:Bridge:Email:Outbound:SmartHost", $"smtp://127.0.0.1:{_outside.Port}"));
        _alice = await _server.SignInNewAsync("alice@example.test");
        _admin = _server.NewAdminClient();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _outside.DisposeAsync();
    }

    [Fact]
    public async Task Notes_what_came_what_it_became_and_why_it_lies_where_it_does()
    {
        await DeliverAsync("From: bob@mail.test\r\nMessage-ID: <one@mail.test>\r\nReferences: <root@mail.test>\r\nContent-Type: text/html; charset=windows-1252\r\n\r\n<p>Hello</p>\r\n");
        var line = Assert.Single(await LedgerAsync());
        Assert.Equal(("in", "accepted", "bob@mail.test", "one@mail.test"), ((string?)line["direction"], (string?)line["outcome"], (string?)line["from"], (string?)line["message_id"]));
        Assert.Equal((string?)(await InboxAsync())[0]["id"], (string?)line["id"]);
        Assert.Equal(["text/html in windows-1252 became an html body, made safe"], line["became"]!.AsArray().Select(static word => (string?)word));
        Assert.Equal("of the mails it names none is here; the conversation is that of the oldest, <root@mail.test> in References", (string?)line["evidence"]);
    }

    [Fact]
    public async Task Notes_repeats_and_what_was_turned_away()
    {
        const string Mail = "From: bob@mail.test\r\nMessage-ID: <twice@mail.test>\r\n\r\nOnce\r\n";
        await DeliverAsync(Mail);
        await DeliverAsync(Mail);
        string loop = string.Concat(Enumerable.Repeat("Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\r\n", 60));
        string refused = await RawSmtp.DeliverAsync(_port, Encoding.ASCII.GetBytes($"{loop}From: bob@mail.test\r\nMessage-ID: <loop@mail.test>\r\n\r\nAgain\r\n"), "alice@example.test");
        Assert.StartsWith("554 5.4.6", refused, StringComparison.Ordinal);

        var lines = await LedgerAsync();
        Assert.Equal(["accepted", "duplicate", "refused"], lines.Select(static line => (string?)line["outcome"]).Order());
        var turnedAway = Assert.Single(await LedgerAsync("outcome=refused"));
        Assert.Equal((refused, "loop@mail.test", "mail.test [127.0.0.1]"), ((string?)turnedAway["reply"], (string?)turnedAway["message_id"], (string?)turnedAway["client"]));
        Assert.Null(turnedAway["id"]);
        Assert.Single(await InboxAsync());
        Assert.Contains($"It was not taken. Its sender was told: {refused}.", await StoryAsync(_alice, "bridge/email/trace/loop@mail.test"));
    }

    [Fact]
    public async Task Notes_every_attempt_to_send_in_one_line()
    {
        _outside.Refusals["RCPT"] = "451 4.7.1 Greylisted";
        var sent = await SendAsync(new { to = "bob@mail.test", body = "Patience" });
        var line = Assert.Single(await LedgerAsync("direction=out"));
        Assert.Equal(("waiting", (string?)sent["id"]), ((string?)line["outcome"], (string?)line["id"]));

        _outside.Refusals.Clear();
        (await _admin.PostAsJsonAsync("/.smxp/admin/queue/retry", new { })).EnsureSuccessStatusCode();
        await _outside.NextAsync();
        line = await Eventually.GetAsync(async () => (await LedgerAsync("direction=out&outcome=sent")).SingleOrDefault());
        Assert.Equal(["waiting", "sent"], line["attempts"]!.AsArray().Select(static attempt => (string?)attempt!["outcome"]));
        Assert.EndsWith("451 4.7.1 Greylisted", (string?)line["attempts"]![0]!["reply"], StringComparison.Ordinal);
        Assert.EndsWith("250 2.0.0 Taken", (string?)line["reply"], StringComparison.Ordinal);
        Assert.Equal(["the text became text/plain"], line["became"]!.AsArray().Select(static word => (string?)word));
    }

    [Fact]
    public async Task Tells_the_story_of_a_mail_and_its_answer()
    {
        await DeliverAsync("From: bob@mail.test\r\nMessage-ID: <ask@mail.test>\r\n\r\nWhen?\r\n");
        var mail = (await InboxAsync())[0];
        _outside.Refusals["RCPT"] = "550 5.1.1 No such user";
        var sent = await SendAsync(new { to = "bob@mail.test", body = "Now", conversation_id = (string?)mail["conversation_id"], in_reply_to = (string?)mail["id"] });

        string[] story = await StoryAsync(_admin, "admin/bridge/email/trace/ask@mail.test");
        Assert.Contains("from mail.test ([127.0.0.1]) by localhost with ESMTP", story[0], StringComparison.Ordinal);
        Assert.Contains($"It was accepted (250) and became message {(string?)mail["id"]}.", story);
        Assert.Contains($"It was put into conversation {(string?)mail["conversation_id"]}, because it names no earlier mail, so it begins a conversation.", story);
        Assert.Contains("It is unread.", story);
        Assert.Contains(story, line => line.StartsWith("It was answered on ", StringComparison.Ordinal) && line.Contains($"by message {(string?)sent["id"]} to bob@mail.test, which failed: ", StringComparison.Ordinal));
        Assert.Contains(story, static line => line.StartsWith("Attempt 1, on ", StringComparison.Ordinal) && line.EndsWith("was refused for good: 127.0.0.1 answered: 550 5.1.1 No such user.", StringComparison.Ordinal));
        // By its own id, and for the owner alone.
        Assert.Equal(story, await StoryAsync(_alice, $"bridge/email/trace/{(string?)mail["id"]}"));
    }

    [Fact]
    public async Task The_command_line_tells_the_same()
    {
        await DeliverAsync("From: bob@mail.test\r\nMessage-ID: <cli@mail.test>\r\n\r\nOne\r\n");
        await DeliverAsync("From: bob@mail.test\r\nMessage-ID: <cli2@mail.test>\r\n\r\nTwo\r\n");
        string[] story = await StoryAsync(_alice, "bridge/email/trace/cli@mail.test");
        Assert.Equal(["In the mailbox of alice@example.test:", .. story, ""], (await RunAsync("trace", "<cli@mail.test>")).TrimEnd('\n').Split('\n').Append(""));
        Assert.Equal(story, JsonNode.Parse(await RunAsync("trace", "cli@mail.test", "--mailbox", "alice@example.test", "--json"))!["traces"]![0]!["story"]!.AsArray().Select(static line => (string)line!));
        Assert.Equal(2, (await RunAsync("ledger", "--mailbox", "alice@example.test")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        string into = Conversation(await RowAsync("Two"))!;
        Assert.Equal($"1 message lies in {into} now.", (await RunAsync("merge", "alice@example.test", Conversation(await RowAsync("One"))!, into)).Trim());
        string split = await RunAsync("split", "alice@example.test", (string)(await RowAsync("One"))["id"]!, "--conversation", "apart");
        Assert.Equal(("1 message lies in apart now.", "apart"), (split.Trim(), Conversation(await RowAsync("One"))));
    }

    [Fact]
    public async Task Shows_each_owner_the_own_mailbox_and_the_administrator_any()
    {
        await DeliverAsync("From: bob@mail.test\r\nMessage-ID: <hers@mail.test>\r\n\r\nFor Alice\r\n");
        var carol = await _server.SignInNewAsync("carol@example.test");
        var hers = await carol.GetFromJsonAsync<JsonObject>("/.smxp/bridge/email/ledger?mailbox=alice@example.test");
        Assert.Empty(hers!["crossings"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await carol.GetAsync(new Uri("/.smxp/bridge/email/trace/hers@mail.test?mailbox=alice@example.test", UriKind.Relative))).StatusCode);
        var all = await _admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/bridge/email/ledger?mailbox=alice@example.test");
        Assert.Single(all!["crossings"]!.AsArray());
    }

    [Fact]
    public async Task Pages_from_the_newest_line_to_the_oldest()
    {
        for (int i = 0; i < 5; i++) await DeliverAsync($"From: bob@mail.test\r\nMessage-ID: <p{i}@mail.test>\r\n\r\n{i}\r\n");
        var seen = new List<string?>();
        for (string? after = ""; after is not null;)
        {
            var page = (await _alice.GetFromJsonAsync<JsonObject>($"/.smxp/bridge/email/ledger?limit=2{(after.Length > 0 ? $"&after={after}" : "")}"))!;
            Assert.True(page["crossings"]!.AsArray().Count <= 2);
            seen.AddRange(page["crossings"]!.AsArray().Select(static line => (string?)line!["message_id"]));
            after = (string?)page["next"];
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(static i => $"p{i}@mail.test"), seen.Order());
        Assert.Empty(await LedgerAsync($"since={DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _alice.GetAsync(new Uri("/.smxp/bridge/email/ledger?outcome=odd", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Mail_follows_conversations_that_were_merged_and_split()
    {
        await DeliverAsync("From: bob@mail.test\r\nMessage-ID: <a@mail.test>\r\n\r\nA\r\n");
        await DeliverAsync("From: bob@mail.test\r\nMessage-ID: <b@mail.test>\r\n\r\nB\r\n");
        var (a, b) = (await RowAsync("A"), await RowAsync("B"));
        var merged = await PostAsync(_alice, "bridge/email/conversations/merge", new { conversation = Conversation(a), into = Conversation(b) });
        Assert.Equal((Conversation(b), 1), ((string?)merged["conversation_id"], (int)merged["moved"]!));
        Assert.Equal(Conversation(b), Conversation(await RowAsync("A")));

        // To a mail that was moved, and to one that nobody here knows but that names its thread.
        await DeliverAsync("From: bob@mail.test\r\nMessage-ID: <a2@mail.test>\r\nIn-Reply-To: <a@mail.test>\r\n\r\nA2\r\n");
        await DeliverAsync("From: bob@mail.test\r\nMessage-ID: <a3@mail.test>\r\nReferences: <a@mail.test> <gone@mail.test>\r\n\r\nA3\r\n");
        Assert.All(await InboxAsync(), row => Assert.Equal(Conversation(b), Conversation(row)));

        var split = await PostAsync(_admin, "admin/bridge/email/conversations/split", new { mailbox = "alice@example.test", messages = new[] { (string?)a["id"], (string?)(await RowAsync("A2"))["id"] } });
        string? apart = (string?)split["conversation_id"];
        await DeliverAsync("From: bob@mail.test\r\nMessage-ID: <a4@mail.test>\r\nIn-Reply-To: <a2@mail.test>\r\nReferences: <a@mail.test> <a2@mail.test>\r\n\r\nA4\r\n");
        foreach (string body in new[] { "A", "A2", "A4" }) Assert.Equal(apart, Conversation(await RowAsync(body)));
        foreach (string body in new[] { "A3", "B" }) Assert.Equal(Conversation(b), Conversation(await RowAsync(body)));
        Assert.Contains($"It lies in conversation {apart} now: conversations were merged or split since.", await StoryAsync(_alice, "bridge/email/trace/a@mail.test"));
    }

    [Fact]
    public async Task Refuses_moves_of_what_is_not_there_or_not_ones_own()
    {
        await DeliverAsync("From: bob@mail.test\r\nMessage-ID: <a@mail.test>\r\n\r\nA\r\n");
        var a = await RowAsync("A");
        var carol = await _server.SignInNewAsync("carol@example.test");
        var foreign = await carol.PostAsJsonAsync("/.smxp/bridge/email/conversations/split", new { mailbox = "alice@example.test", messages = new[] { (string?)a["id"] } });
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        var nowhere = await _alice.PostAsJsonAsync("/.smxp/bridge/email/conversations/merge", new { conversation = Conversation(a), into = "nowhere" });
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        var nobody = await _admin.PostAsJsonAsync("/.smxp/admin/bridge/email/conversations/merge", new { conversation = "x", into = "y" });
        Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
        Assert.Equal(Conversation(a), Conversation(await RowAsync("A")));
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await TestServerProcess.RunAsync(["bridge", .. arguments, "--server", _server.BaseAddress.ToString(), "--admin-secret", TestServer.AdminSecret]);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }

    private static string? Conversation(JsonNode row) => (string?)row["conversation_id"];

    private async Task DeliverAsync(string mail) => Assert.StartsWith("250", await RawSmtp.DeliverAsync(_port, Encoding.ASCII.GetBytes(mail), "alice@example.test"), StringComparison.Ordinal);

    private async Task<IReadOnlyList<JsonNode>> InboxAsync() => [.. (await _alice.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray().Select(static row => row!)];

    private async Task<JsonNode> RowAsync(string body) => (await InboxAsync()).Single(row => (string?)row["body"] == body);

    private async Task<IReadOnlyList<JsonNode>> LedgerAsync(string query = "") =>
        [.. (await _alice.GetFromJsonAsync<JsonObject>($"/.smxp/bridge/email/ledger?{query}"))!["crossings"]!.AsArray().Select(static line => line!)];

    private static async Task<string[]> StoryAsync(HttpClient client, string path) =>
        [.. Assert.Single((await client.GetFromJsonAsync<JsonObject>($"/.smxp/{path}"))!["traces"]!.AsArray())!["story"]!.AsArray().Select(static line => (string)line!)];

    private async Task<JsonNode> SendAsync(object message)
    {
        var answer = (await (await _alice.PostAsJsonAsync("/.smxp/mail/send", message)).Content.ReadFromJsonAsync<JsonObject>())!;
        return answer["results"] is JsonArray results ? results[0]! : answer;
    }

    private static async Task<JsonObject> PostAsync(HttpClient client, string path, object body)
    {
        var response = await client.PostAsJsonAsync($"/.smxp/{path}", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
