using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Host.Tests.Stream;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Host.Tests.Mail;

/// <summary>Conversations that one mailbox merged: what goes out of them still names what the other server knows, and what comes in lands where it is shown.</summary>
public sealed class MovedConversationTests : IAsyncLifetime
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
    public async Task Answers_edits_and_receipts_name_what_the_other_side_knows()
    {
        string one = await _bob.SendTextAsync(_alice.Address, "one", "c1"), two = await _bob.SendTextAsync(_alice.Address, "two", "c2");
        await _alice.InboxOfAsync(2);
        await MergeAsync("c1", "c2");
        Assert.Equal("c2", (await _alice.MessageAsync(one)).Text("conversation_id"));

        JsonElement answer = await _alice.SendAsync(new { to = _bob.Address, body = "to one", conversation_id = "c2", in_reply_to = one });
        Assert.Equal(("sent", "c2"), (answer.Text("status"), answer.Text("conversation_id")));
        string id = answer.Text("id")!;
        Assert.Equal(("c2", "c1"), ((await _alice.MessageAsync(id)).Text("conversation_id"), (await _bob.MessageAsync(id)).Text("conversation_id")));

        (HttpStatusCode status, _) = await _alice.PostAsync($"/.smxp/mail/messages/{id}/edit", new { to = _bob.Address, body = "to one, again" });
        Assert.Equal(HttpStatusCode.OK, status);
        await Eventually.TrueAsync(async () => (await _bob.MessageAsync(id)).Text("body") == "to one, again");
        Assert.Equal("to one, again", (await _alice.MessageAsync(id)).Text("body"));

        await _alice.PostAsync("/.smxp/mail/conversations/c2/ack", new { });
        foreach (string sent in new[] { one, two }) await Eventually.TrueAsync(async () => (await _bob.MessageAsync(sent)).GetProperty("read_status").GetInt32() == 2);
    }

    [Fact]
    public async Task A_stream_tells_what_moved()
    {
        string one = await _bob.SendTextAsync(_alice.Address, "one", "c1");
        await _bob.SendTextAsync(_alice.Address, "two", "c2");
        await _alice.InboxOfAsync(2);
        using EventReader alice = await EventReader.OpenAsync(_alice.Http);
        await MergeAsync("c1", "c2");
        ServerEvent moved = (await alice.NextAsync())!;
        Assert.Equal(("conversation", "c2", one), (moved.Type, moved.Row.Text("conversation_id"), Assert.Single(moved.Row.GetProperty("affected").EnumerateArray()).GetString()));
    }

    private async Task MergeAsync(string source, string target)
    {
        MoveResult result = await _here.Services.GetRequiredService<IConversations>().MergeAsync(Address.Parse(_alice.Address), source, target, 1, CancellationToken.None);
        Assert.Equal(MoveOutcome.Moved, result.Outcome);
    }
}
