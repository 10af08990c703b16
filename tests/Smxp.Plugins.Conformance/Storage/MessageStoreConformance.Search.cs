using CsCheck;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

// Search.
public abstract partial class MessageStoreConformance
{
    private Task<IReadOnlyList<string>> SearchAsync(Address mailbox, string text, Direction? direction = null, string? conversation = null) =>
        BodiesAsync(new MailboxQuery { Mailbox = mailbox, Text = text, Direction = direction, ConversationId = conversation });

    [Fact]
    public async Task Finds_words_in_subject_body_participants_and_attachment_names()
    {
        SignedEnvelope letter = Sign(Write(Alice, Bob, "The quick brown fox", subject: "Résumé für Zoë").Envelope with
        {
            Name = "Alice Liddell",
            Attachments = [new Attachment { BlobId = "blob_1", Host = "example.test", Sha256 = new string('0', 64), Size = 1, Name = "holiday-plan.pdf" }],
        });
        await CommitAsync(In(letter));
        foreach (string text in new[] { "quick", "QUICK fox", "resume", "zoe", "für", "fur", "liddell", "alice@example.test", "holiday plan", "brow*", "\"quick brown\"", "fox -" })
            Assert.True((await SearchAsync(Bob, text)).Count == 1, text);
        foreach (string text in new[] { "slow", "quick slow", "brow", "ick", "", "*", "-", "\"" })
            Assert.True((await SearchAsync(Bob, text)).Count == 0, text);
        Assert.Empty(await SearchAsync(NewMailbox(), "quick"));
    }

    [Fact]
    public async Task Searches_what_the_sender_of_the_commit_says_is_the_text()
    {
        await CommitAsync(In(Write(Alice, Bob, "<p>hidden</p>")) with { SearchText = "shown" });
        Assert.Single(await SearchAsync(Bob, "shown"));
        Assert.Empty(await SearchAsync(Bob, "hidden"));
    }

    [Fact]
    public async Task Searches_as_edited_and_within_direction_and_conversation()
    {
        SignedEnvelope letter = Write(Alice, Bob, "before", "c1", subject: "topic");
        await CommitAsync(In(letter));
        await CommitAsync(Out(Write(Bob, Alice, "topic answered", "c1")));
        await CommitAsync(In(Write(Alice, Bob, "topic elsewhere", "c2")));
        await CommitAsync(In(Edit(letter, "after")));
        Assert.Empty(await SearchAsync(Bob, "before"));
        Assert.Equal(["before"], await SearchAsync(Bob, "after topic"));
        Assert.Equal(["topic elsewhere", "topic answered", "before"], await SearchAsync(Bob, "topic"));
        Assert.Equal(["topic answered"], await SearchAsync(Bob, "topic", Direction.Out));
        Assert.Equal(["topic answered", "before"], await SearchAsync(Bob, "topic", null, "c1"));
    }

    [Fact]
    public async Task Pages_through_matches()
    {
        for (int i = 0; i < 10; i++) await CommitAsync(In(Write(Alice, Bob, $"needle {i}")));
        MailboxPage first = await Store.QueryAsync(new MailboxQuery { Mailbox = Bob, Text = "needle", Limit = 4 }, None);
        Assert.True(first.HasMore);
        Assert.Equal(
            ["needle 5", "needle 4", "needle 3", "needle 2"],
            await BodiesAsync(new MailboxQuery { Mailbox = Bob, Text = "needle", Limit = 4, Before = first.Entries[^1].Sequence }));
    }

    [Fact]
    public Task Any_text_may_be_searched_and_a_message_is_found_by_its_own_words() =>
        Gen.Select(Gen.String, Gen.String).SampleAsync(
            async (body, query) =>
            {
                Address mailbox = NewMailbox();
                await CommitAsync(In(Write(Alice, mailbox, body + " needle")));
                await SearchAsync(mailbox, query);
                Assert.Single(await SearchAsync(mailbox, body + " needle"));
            },
            iter: 200,
            threads: 2);
}
