using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MimeKit;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>A mail that somebody sends from a mail program, and that turns out to be what other conversations were waiting for: they become one, as where it comes by SMTP.</summary>
public sealed class SubmittedThreadTests : IAsyncLifetime
{
    private const string Alice = "alice@example.test";
    private const string Bob = "bob@example.test";

    private SubmissionServer _server = null!;
    private HttpClient _alice = null!;
    private HttpClient _bob = null!;

    public async Task InitializeAsync()
    {
        _server = await SubmissionServer.StartAsync(null, "alice", "bob");
        (_alice, _bob) = (await _server.OpenAsync(Alice), await _server.OpenAsync(Bob));
    }

    public async Task DisposeAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_late_parent_joins_what_came_before_it_in_all_mailboxes_here()
    {
        await DeliverAsync("root", "");
        // The answer to what Alice is going to send is faster than that.
        await DeliverAsync("answer", "In-Reply-To: <middle@laptop.test>\r\n");
        Assert.Equal((2, 2), (await ConversationsAsync(_alice), await ConversationsAsync(_bob)));

        var mail = SubmissionServer.Mail(Alice, Bob, "dora@mail.test");
        (mail.MessageId, mail.InReplyTo) = ("middle@laptop.test", "root@mail.test");
        await _server.SendAsync(Alice, mail);
        Assert.Equal((1, 1), (await ConversationsAsync(_alice), await ConversationsAsync(_bob)));

        // What comes later follows.
        await DeliverAsync("later", "In-Reply-To: <answer@mail.test>\r\n");
        Assert.Equal((1, 1), (await ConversationsAsync(_alice), await ConversationsAsync(_bob)));
    }

    private async Task DeliverAsync(string name, string thread) => Assert.StartsWith(
        "250",
        (await SmtpTalk.SendAsync(_server.RelayPort, "<dora@mail.test>", [$"<{Alice}>", $"<{Bob}>"], $"From: dora@mail.test\r\nMessage-ID: <{name}@mail.test>\r\n{thread}\r\n{name}\r\n")).Last,
        StringComparison.Ordinal);

    private static async Task<int> ConversationsAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonObject>("/.smxp/mail/conversations"))!["conversations"]!.AsArray().Count;
}
