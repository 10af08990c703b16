using System.Globalization;
using System.Text.Json.Nodes;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>One discussion of two hundred mails, in whatever order and however much of it arrives: the same conversation.</summary>
public sealed class DiscussionTests : IAsyncLifetime
{
    private const int Mails = 200;

    private MailWorld _world = null!;

    public async Task InitializeAsync() => _world = await MailWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_comes_together_in_any_order(bool withReferences)
    {
        int[] answers = Discussion(1);
        foreach (int shuffle in Enumerable.Range(0, 5))
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{(withReferences ? "r" : "i")}{shuffle}");
            int[] order = [.. Enumerable.Range(0, Mails)];
            new Random(shuffle).Shuffle(order);
            using var reader = await _world.Server.SignInNewAsync($"{name}@example.test");
            foreach (int mail in order) await DeliverAsync(name, mail, withReferences ? References(name, answers, mail) : InReplyTo(name, answers, mail));
            var conversation = Assert.Single(await ConversationsAsync(reader));
            Assert.Equal(Mails, (int)conversation["messages"]!);
            // Whoever has another part of it calls it the same.
            if (withReferences) Assert.Equal(Expected($"0@{name}.test"), (string?)conversation["conversation_id"]);
        }
    }

    [Fact]
    public async Task A_part_of_it_is_one_conversation_too()
    {
        int[] answers = Discussion(3);
        using var reader = await _world.Server.SignInNewAsync("part@example.test");
        foreach (int mail in Enumerable.Range(0, Mails).Where(static mail => mail % 3 == 2).Reverse()) await DeliverAsync("part", mail, References("part", answers, mail));
        Assert.Equal(Expected("0@part.test"), (string?)Assert.Single(await ConversationsAsync(reader))["conversation_id"]);
    }

    [Fact]
    public async Task Two_parts_that_turn_out_to_be_one_are_joined()
    {
        using var reader = await _world.Server.SignInNewAsync("two@example.test");
        await DeliverAsync("two", 0, "");
        await DeliverAsync("two", 2, "In-Reply-To: <1@two.test>\n");
        Assert.Equal(2, (await ConversationsAsync(reader)).Count);
        await DeliverAsync("two", 1, "In-Reply-To: <0@two.test>\n");
        var conversation = Assert.Single(await ConversationsAsync(reader));
        Assert.Equal((3, 3), ((int)conversation["messages"]!, (int)conversation["unread"]!));
    }

    [Fact]
    public async Task In_Reply_To_alone_holds_a_chain_together_that_comes_backwards()
    {
        using var reader = await _world.Server.SignInNewAsync("chain@example.test");
        foreach (int mail in Enumerable.Range(0, Mails).Reverse()) await DeliverAsync("chain", mail, mail == 0 ? "" : $"In-Reply-To: <{mail - 1}@chain.test>\n");
        Assert.Equal(Mails, (int)Assert.Single(await ConversationsAsync(reader))["messages"]!);
    }

    [Fact]
    public async Task Answers_to_one_that_never_came_wait_for_it_together()
    {
        using var reader = await _world.Server.SignInNewAsync("gap@example.test");
        await DeliverAsync("gap", 2, "In-Reply-To: <1@gap.test>\n");
        await DeliverAsync("gap", 1, "In-Reply-To: <0@gap.test>\n");
        await DeliverAsync("gap", 3, "In-Reply-To: <0@gap.test>\n");
        await DeliverAsync("gap", 9, "");
        await DeliverAsync("gap", 0, "");
        Assert.Equal([1, 4], (await ConversationsAsync(reader)).Select(static conversation => (int)conversation["messages"]!).Order());
    }

    private async Task DeliverAsync(string name, int mail, string thread) =>
        await _world.DeliverAsync($"From: writer{mail % 7}@mail.test\nTo: {name}@example.test\nSubject: Discussion\nMessage-ID: <{mail}@{name}.test>\n{thread}\nNumber {mail}.\n", $"{name}@example.test");

    private static async Task<IReadOnlyList<JsonNode>> ConversationsAsync(HttpClient client) =>
        [.. (await System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<JsonObject>(client, "/.smxp/mail/conversations?limit=100"))!["conversations"]!.AsArray().Select(static one => one!)];

    // Whom each mail answers: any before it.
    private static int[] Discussion(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Mails).Select(mail => mail == 0 ? -1 : random.Next(mail))];
    }

    private static string References(string name, int[] answers, int mail)
    {
        if (answers[mail] < 0) return "";
        var ancestors = new List<int>();
        for (int at = answers[mail]; at >= 0; at = answers[at]) ancestors.Insert(0, at);
        return $"References: {string.Join(' ', ancestors.Select(ancestor => $"<{ancestor}@{name}.test>"))}\nIn-Reply-To: <{answers[mail]}@{name}.test>\n";
    }

    private static string InReplyTo(string name, int[] answers, int mail) => answers[mail] < 0 ? "" : $"In-Reply-To: <{answers[mail]}@{name}.test>\n";

    private static string Expected(string root) => Smxp.Bridge.Email.Threads.ConversationIds.OfRoot(root);
}
