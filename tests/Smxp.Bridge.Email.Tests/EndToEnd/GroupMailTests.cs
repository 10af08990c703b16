using System.Text.Json.Nodes;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Several people in one conversation, by email and not: one mail for all of them, one conversation for each.</summary>
public sealed class GroupMailTests : IAsyncLifetime
{
    private MailWorld _world = null!;
    private HttpClient _dora = null!;

    public async Task InitializeAsync()
    {
        _world = await MailWorld.StartAsync();
        _dora = await _world.Server.SignInNewAsync("dora@example.test");
    }

    public async Task DisposeAsync()
    {
        _dora.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_call_to_several_leaves_as_one_mail_with_everybody_in_To()
    {
        var results = await MailWorld.SendAsync(_world.Alice, new { to = new[] { "bob@mail.test", "dora@example.test", "carol@other.test" }, subject = "Plan", body = "Saturday?" });
        OutsideMail[] mails = [await _world.Outside.NextAsync(), await _world.Outside.NextAsync()];
        Assert.Equal(["bob@mail.test", "carol@other.test"], mails.Select(static mail => Assert.Single(mail.Recipients)).Order());
        Assert.Equal(mails[0].Bytes, mails[1].Bytes);
        Assert.Equal(["bob@mail.test", "dora@example.test", "carol@other.test"], mails[0].Message.To.Mailboxes.Select(static to => to.Address));
        Assert.Equal($"{(string?)results[0]!["id"]}@example.test", mails[0].Message.MessageId);
    }

    [Fact]
    public async Task An_answer_to_all_finds_the_conversation_of_each()
    {
        // The mail is named after the message to Dora, which neither Alice's correspondents on email nor their programs ever see.
        var results = await MailWorld.SendAsync(_world.Alice, new { to = new[] { "dora@example.test", "bob@mail.test", "carol@other.test" }, subject = "Plan", body = "Saturday?" });
        string? mailId = (await _world.Outside.NextAsync()).Message.MessageId;
        await _world.DeliverAsync($"From: carol@other.test\nTo: alice@example.test\nCc: dora@example.test, bob@mail.test\nMessage-ID: <answer@other.test>\nIn-Reply-To: <{mailId}>\n\nYes.\n", "alice@example.test", "dora@example.test");

        var toAlice = Assert.Single(await MailWorld.ListAsync(_world.Alice));
        var toDora = (await MailWorld.ListAsync(_dora))[0];
        string conversation = (string)results[0]!["conversation_id"]!;
        Assert.Equal((conversation, (string?)results[0]!["id"]), ((string?)toAlice["conversation_id"], (string?)toAlice["in_reply_to"]));
        Assert.Equal((conversation, (string?)results[0]!["id"]), ((string?)toDora["conversation_id"], (string?)toDora["in_reply_to"]));

        // And Dora's answer is in the thread of the mail that carol has.
        await _world.Outside.NextAsync();
        await MailWorld.SendAsync(_dora, new { to = "carol@other.test", body = "So do I.", conversation_id = conversation, in_reply_to = (string?)toDora["in_reply_to"] });
        Assert.Equal(mailId, (await _world.Outside.NextAsync()).Message.InReplyTo);
    }

    [Fact]
    public async Task An_answer_goes_to_all_as_one_mail_in_the_thread()
    {
        await MailWorld.SendAsync(_world.Alice, new { to = new[] { "bob@mail.test", "carol@other.test" }, subject = "Plan", body = "Saturday?", conversation_id = "plan" });
        var first = (await _world.Outside.NextAsync()).Message;
        await _world.Outside.NextAsync();
        await MailWorld.SendAsync(_world.Alice, new { to = new[] { "carol@other.test", "bob@mail.test" }, body = "Or Sunday?", conversation_id = "plan" });
        OutsideMail[] mails = [await _world.Outside.NextAsync(), await _world.Outside.NextAsync()];
        Assert.Equal(mails[0].Bytes, mails[1].Bytes);
        Assert.Equal((first.MessageId, "Re: Plan"), (mails[0].Message.InReplyTo, mails[0].Message.Subject));
    }

    [Fact]
    public async Task Everybody_in_To_and_Cc_takes_part_in_the_conversation()
    {
        await _world.DeliverAsync("From: bob@mail.test\nTo: Alice <alice@example.test>, Carol <carol@other.test>\nCc: dora@example.test, Erik <Erik@Mail.test>\nMessage-ID: <all@mail.test>\n\nHello, all.\n", "alice@example.test", "dora@example.test");
        string[] all = ["alice@example.test", "bob@mail.test", "carol@other.test", "dora@example.test", "erik@mail.test"];
        var rows = new[] { Assert.Single(await MailWorld.ListAsync(_world.Alice)), Assert.Single(await MailWorld.ListAsync(_dora)) };
        Assert.Single(rows.Select(static row => (string?)row["conversation_id"]).Distinct());
        Assert.All(rows, row => Assert.Equal(all, Texts(row["participants"]!).Order()));
        var conversation = Assert.Single((await System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<JsonObject>(_world.Alice, "/.smxp/mail/conversations"))!["conversations"]!.AsArray())!;
        Assert.Equal(all, Texts(conversation["participants"]!).Order());
    }

    [Fact]
    public async Task A_mail_between_two_names_the_two()
    {
        await _world.DeliverAsync("From: bob@mail.test\nTo: alice@example.test\nMessage-ID: <two@mail.test>\n\nHello.\n");
        Assert.Equal(["bob@mail.test", "alice@example.test"], Texts(Assert.Single(await MailWorld.ListAsync(_world.Alice))["participants"]!));
    }

    private static IEnumerable<string> Texts(JsonNode array) => array.AsArray().Select(static item => (string)item!);
}
