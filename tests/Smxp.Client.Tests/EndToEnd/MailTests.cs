using System.Net;
using System.Security.Cryptography;
using Smxp.Client.Blobs;
using Smxp.Client.Delegations;
using Smxp.Client.Mail;
using Smxp.Testing;

namespace Smxp.Client.Tests.EndToEnd;

public sealed class MailTests(RealServer real) : IClassFixture<RealServer>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task A_message_is_sent_read_answered_and_found()
    {
        using var alice = await real.SignInNewAsync("alice1");
        using var bob = await real.SignInNewAsync("bob1");

        var sent = (await alice.Mail.SendAsync(new OutgoingMessage { To = ["bob1@example.test"], Subject = "Lunch", Body = "Noodles, *perhaps*?", ContentType = "markdown", Name = "Alice" }, Never)).Results.Single();
        var received = await bob.Mail.GetMessageAsync(sent.Id, null, Never);
        var answer = (await bob.Mail.SendAsync(OutgoingMessage.ReplyTo(received, "Yes."), Never)).Results.Single();

        Assert.Equal("sent", sent.Status);
        Assert.Equal(("alice1@example.test", "bob1@example.test", "Lunch", "Alice", "in"), (received.From, received.To, received.Subject, received.Name, received.Direction));
        Assert.True(received.Verified);
        Assert.Equal(sent.ConversationId, answer.ConversationId);
        Assert.Equal([sent.Id, answer.Id], (await alice.Mail.GetThreadAsync(sent.Id, PageRequest.First, Never)).Messages.Select(row => row.Id));
        Assert.Equal(sent.Id, (await bob.Mail.SearchAsync("noodles", PageRequest.First, Never)).Messages.Single().Id);
        Assert.Contains("<em>perhaps</em>", await bob.Mail.RenderAsync(sent.Id, null, Never), StringComparison.Ordinal);
        Assert.Equal(answer.Id, (await bob.Mail.GetSentAsync(PageRequest.First, Never)).Messages.Single().Id);
    }

    [Fact]
    public async Task A_preview_says_the_way_and_sends_nothing()
    {
        using var alice = await real.SignInNewAsync("alice9");
        using var bob = await real.SignInNewAsync("bob9");
        var previews = await alice.Mail.PreviewAsync(new OutgoingMessage { To = ["bob9@example.test", "nobody9@example.test"], Body = "Lunch?" }, Never);
        Assert.Equal([("delivers", "local", null), ("refused", null, "recipient address not found")], previews.Select(static one => (one.Outcome, one.Way, one.Reason)));
        Assert.Empty((await bob.Mail.GetInboxAsync(PageRequest.First, Never)).Messages);
        Assert.Empty((await alice.Mail.GetSentAsync(PageRequest.First, Never)).Messages);
    }

    [Fact]
    public async Task Marks_are_counted_and_reach_the_author()
    {
        using var alice = await real.SignInNewAsync("alice2");
        using var bob = await real.SignInNewAsync("bob2");
        var first = (await alice.Mail.SendAsync(new OutgoingMessage { To = ["bob2@example.test"], Body = "one" }, Never)).Results.Single();
        await alice.Mail.SendAsync(new OutgoingMessage { To = ["bob2@example.test"], Body = "two", ConversationId = first.ConversationId }, Never);

        Assert.Equal(2, await bob.Mail.CountUnreadAsync(null, Never));
        await bob.Mail.MarkReadAsync(first.Id, null, Never);
        var unread = await bob.Mail.GetUnreadAsync(null, Never);
        Assert.Equal((1, first.ConversationId, 1), (unread.Total, unread.Conversations.Single().ConversationId, unread.Conversations.Single().Count));

        var conversation = (await bob.Conversations.GetAsync(PageRequest.First, Never)).Conversations.Single();
        Assert.Equal((first.ConversationId, 2, 1, "two"), (conversation.ConversationId, conversation.Messages, conversation.Unread, conversation.LastMessage?.Body));
        Assert.Equal(1, await bob.Conversations.MarkReadAsync(first.ConversationId, null, Never));
        var acknowledged = await bob.Conversations.AcknowledgeAsync(first.ConversationId, null, Never);
        Assert.Equal("alice2@example.test", acknowledged.To);
        await Eventually.TrueAsync(async () => (await alice.Mail.GetMessageAsync(first.Id, null, Never)).ReadStatus > 0);
    }

    [Fact]
    public async Task A_message_is_edited_taken_back_and_forwarded()
    {
        using var alice = await real.SignInNewAsync("alice3");
        using var bob = await real.SignInNewAsync("bob3");
        using var carol = await real.SignInNewAsync("carol3");
        var sent = (await alice.Mail.SendAsync(new OutgoingMessage { To = ["bob3@example.test"], Body = "frist" }, Never)).Results.Single();

        await alice.Mail.EditAsync(sent.Id, new MessageEdit { Body = "first" }, null, Never);
        Assert.Equal("first", (await bob.Mail.GetMessageAsync(sent.Id, null, Never)).Body);
        var forwarded = (await bob.Mail.ForwardAsync(sent.Id, ["carol3@example.test"], null, null, null, Never)).Results.Single();
        Assert.Equal("forward", (await carol.Mail.GetMessageAsync(forwarded.Id, null, Never)).ContentType);
        await alice.Mail.DeleteAsync(sent.Id, null, null, Never);
        var taken = await bob.Mail.GetMessageAsync(sent.Id, null, Never);
        Assert.True(taken.Deleted);
        Assert.Null(taken.Body);
    }

    [Fact]
    public async Task An_attachment_arrives_as_it_was_sent()
    {
        using var alice = await real.SignInNewAsync("alice4");
        using var bob = await real.SignInNewAsync("bob4");
        byte[] file = RandomNumberGenerator.GetBytes(2_500_000);

        var attachment = await alice.Blobs.UploadAsync(new MemoryStream(file), new UploadOptions { Name = "a.bin", ContentType = "application/octet-stream" }, Never);
        var sent = (await alice.Mail.SendAsync(new OutgoingMessage { To = ["bob4@example.test"], Body = "see the file", Attachments = [attachment] }, Never)).Results.Single();
        var received = (await bob.Mail.GetMessageAsync(sent.Id, null, Never)).Attachments.Single();
        using var back = new MemoryStream();
        await bob.Blobs.DownloadAsync(received, back, null, Never);

        Assert.Equal(file, back.ToArray());
        Assert.Equal("a.bin", received.Name);
        var refused = await Assert.ThrowsAsync<SmxpException>(() => bob.Blobs.DownloadAsync(received with { DownloadToken = "blt_wrong" }, Stream.Null, null, Never));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var info = Assert.Single(await alice.Blobs.EnumerateAsync(Never).ToListAsync(Never));
        Assert.NotNull((await alice.Blobs.GetStatusAsync(info.BlobId, Never)).FinalizedAt);
        var token = await alice.Blobs.CreateTokenAsync(info.BlobId, "a note", null, Never);
        Assert.Contains(await alice.Blobs.ListTokensAsync(info.BlobId, Never), each => each.Id == token.Id && each.Recipient == "a note");
        await alice.Blobs.DeleteTokenAsync(info.BlobId, token.Id, Never);
        await alice.Blobs.DeleteAsync(info.BlobId, Never);
        Assert.Empty(await alice.Blobs.EnumerateAsync(Never).ToListAsync(Never));
    }

    [Fact]
    public async Task A_large_inbox_is_listed_whole_and_in_order()
    {
        using var alice = await real.SignInNewAsync("alice5");
        using var bob = await real.SignInNewAsync("bob5");
        var sent = new List<string>();
        for (int i = 0; i < 130; i++) sent.Add((await alice.Mail.SendAsync(new OutgoingMessage { To = ["bob5@example.test"], Body = $"{i}" }, Never)).Results.Single().Id);

        var listed = new List<string>();
        await foreach (var row in bob.Mail.EnumerateInboxAsync(null, Never)) listed.Add(row.Id);

        Assert.Equal(Enumerable.Reverse(sent), listed);
    }

    [Fact]
    public async Task The_stream_survives_a_restart_without_gap_or_repeat()
    {
        await using var server = await TestServer.StartAsync();
        using var bob = new SmxpClient(server.BaseAddress) { Token = await server.AddInboxAsync("bob@example.test") };
        using var alice = new SmxpClient(server.BaseAddress) { Token = await server.AddInboxAsync("alice@example.test") };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var events = bob.StreamAsync("@0", deadline.Token).GetAsyncEnumerator(CancellationToken.None);

        var seen = new List<string?>();
        for (int i = 0; i < 9; i++)
        {
            if (i % 3 == 1) await server.RestartAsync();
            await alice.Mail.SendAsync(new OutgoingMessage { To = ["bob@example.test"], Body = $"{i}" }, deadline.Token);
            if (i % 3 != 2) continue;
            while (seen.Count <= i && await events.MoveNextAsync()) seen.Add(events.Current.Row.Body);
        }

        Assert.Equal(Enumerable.Range(0, 9).Select(i => $"{i}"), seen);
    }

    [Fact]
    public async Task A_delegate_reads_and_sends_until_it_may_no_longer()
    {
        using var alice = await real.SignInNewAsync("alice6");
        using var bob = await real.SignInNewAsync("bob6");
        var delegation = await alice.Delegations.CreateAsync("bob6@example.test", DelegationScope.Manage, null, Never);

        var sent = (await bob.Mail.SendAsync(new OutgoingMessage { To = ["bob6@example.test"], From = "alice6@example.test", Body = "from her" }, Never)).Results.Single();
        var asAlice = new List<MessageRow>();
        await foreach (var row in bob.Mail.EnumerateSentAsync("alice6@example.test", Never)) asAlice.Add(row);
        Assert.Equal((sent.Id, "alice6@example.test"), (asAlice.Single().Id, asAlice.Single().From));
        Assert.Equal(delegation.Id, (await bob.Delegations.ListGrantedAsync(Never)).Single().Id);
        await alice.Delegations.DeleteAsync(delegation.Id, Never);

        Assert.Empty(await alice.Delegations.ListAsync(Never));
        var refusal = await Assert.ThrowsAsync<SmxpException>(() => bob.Mail.GetSentAsync(new PageRequest { OnBehalfOf = "alice6@example.test" }, Never));
        Assert.Equal(HttpStatusCode.Forbidden, refusal.StatusCode);
    }
}
