using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

/// <summary>What every bridge memory must do. The store that is opened is a message store that is one as well.</summary>
public abstract class BridgeStateConformance : StoreConformance<IMessageStore>
{
    private IBridgeState State => (IBridgeState)Store;

    private static BridgeRecord Record(string key, string value = "v", Address? mailbox = null, bool unique = false) =>
        new("email", mailbox, key, System.Text.Encoding.UTF8.GetBytes(value), unique);

    private async Task<string?> GetAsync(string key, Address? mailbox = null) =>
        await State.GetAsync("email", mailbox, key, None) is { } value ? Text(value) : null;

    [Fact]
    public async Task Keeps_values_by_bridge_mailbox_and_key()
    {
        Assert.True(await State.PutAsync([Record("k", "own"), Record("k", "alice's", Alice)], None));
        await RestartAsync();
        Assert.Equal(("own", "alice's", null), (await GetAsync("k"), await GetAsync("k", Alice), await GetAsync("k", Bob)));
        Assert.Null(await State.GetAsync("other", null, "k", None));
        Assert.True(await State.PutAsync([Record("k", "newer")], None));
        Assert.Equal("newer", await GetAsync("k"));
        Assert.True(await State.RemoveAsync("email", null, "k", None));
        Assert.False(await State.RemoveAsync("email", null, "k", None));
        Assert.Equal("alice's", await GetAsync("k", Alice));
    }

    [Fact]
    public async Task A_unique_record_that_exists_refuses_all()
    {
        Assert.True(await State.PutAsync([Record("id", unique: true)], None));
        Assert.False(await State.PutAsync([Record("fresh"), Record("id", unique: true)], None));
        Assert.False(await State.PutAsync([Record("twice", unique: true), Record("twice", unique: true)], None));
        Assert.Null(await GetAsync("fresh"));
        Assert.Null(await GetAsync("twice"));
        Assert.True(await State.PutAsync([Record("id", unique: true, mailbox: Alice)], None));
    }

    [Fact]
    public async Task Commits_with_the_message_or_makes_it_a_duplicate()
    {
        SignedEnvelope first = Write(Alice, Bob, "1");
        SignedEnvelope second = Write(Alice, Bob, "2");
        Commit Commit(SignedEnvelope letter) => Of(In(letter)) with { BridgeRecords = [Record("message-id", letter.Envelope.Id, Bob, unique: true)] };
        Assert.Equal(CommitOutcome.Stored, (await Store.CommitAsync(Commit(first), None)).Outcome);
        Assert.Equal(CommitOutcome.Duplicate, (await Store.CommitAsync(Commit(second), None)).Outcome);
        Assert.Null(await Store.FindAsync(Bob, second.Envelope.Id, None));
        Assert.Equal(first.Envelope.Id, await GetAsync("message-id", Bob));
    }

    [Fact]
    public async Task Lists_by_prefix_in_order_of_keys()
    {
        string[] keys = ["a", "b:", "b:1", "b:2", "b:\ud7ff", "b:\ud83d\ude00", "b:_%", "b;", "c"];
        await State.PutAsync([.. keys.Select(static key => Record(key))], None);
        string[] all = [.. (await State.ListAsync("email", null, "b:", null, 100, None)).Select(static record => record.Key)];
        Assert.Equal(["b:", "b:1", "b:2", "b:_%", "b:\ud7ff", "b:\ud83d\ude00"], all);
        Assert.Equal(all[2..4], (await State.ListAsync("email", null, "b:", all[1], 2, None)).Select(static record => record.Key));
        Assert.Equal(keys.Length, (await State.ListAsync("email", null, "", null, 100, None)).Count);
        Assert.Empty(await State.ListAsync("email", Alice, "", null, 100, None));
    }
}
