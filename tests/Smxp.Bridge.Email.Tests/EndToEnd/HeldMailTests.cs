namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>The time a mail waits before it leaves, in which its author may still change it or take it back; and what an edit or delete does afterwards.</summary>
public sealed class HeldMailTests : IAsyncDisposable
{
    private MailWorld? _world;

    public async ValueTask DisposeAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
    }

    [Fact]
    public async Task An_edit_in_time_changes_the_mail_that_leaves_and_nothing_leaves_twice()
    {
        var world = _world = await HoldingAsync();
        var sent = (await MailWorld.SendAsync(world.Alice, new { to = "bob@mail.test", subject = "Dinner", body = "At sefen" }))[0]!;
        Assert.Equal("queued", (string?)sent["status"]);
        string id = (string)sent["id"]!;
        await MailWorld.PostAsync(world.Alice, $"/.smxp/mail/messages/{id}/edit", new { body = "At seven" });
        await MailWorld.PostAsync(world.Alice, $"/.smxp/mail/messages/{id}/edit", new { body = "At eight" });
        Assert.Equal(1, await world.WaitingAsync());
        Assert.False(world.Outside.HasMail);

        await world.HurryAsync();
        var mail = (await world.Outside.NextAsync()).Message;
        Assert.Equal(("At eight", "Dinner", $"{id}@example.test", null), (mail.TextBody!.Trim(), mail.Subject, mail.MessageId, mail.Headers["Supersedes"]));
        await Testing.Eventually.TrueAsync(async () => (string?)(await MailWorld.RowAsync(world.Alice, id))["status"] == "sent");
        Assert.Equal(0, await world.WaitingAsync());
        var row = await MailWorld.RowAsync(world.Alice, id);
        Assert.Equal("At eight", (string?)row["body"]);
        Assert.Equal("sent", (string?)(await MailWorld.RowAsync(world.Alice, (string)row["edited_by"]!))["status"]);
        Assert.False(world.Outside.HasMail);
    }

    [Fact]
    public async Task An_edit_in_time_of_a_group_mail_changes_it_for_all()
    {
        var world = _world = await HoldingAsync();
        string id = (string)(await MailWorld.SendAsync(world.Alice, new { to = new[] { "bob@mail.test", "carol@other.test" }, body = "At sefen" }))[0]!["id"]!;
        await MailWorld.PostAsync(world.Alice, $"/.smxp/mail/messages/{id}/edit", new { body = "At seven" });
        await world.HurryAsync();
        OutsideMail[] mails = [await world.Outside.NextAsync(), await world.Outside.NextAsync()];
        Assert.Equal(mails[0].Bytes, mails[1].Bytes);
        Assert.Equal(("At seven", $"{id}@example.test"), (mails[0].Message.TextBody!.Trim(), mails[0].Message.MessageId));
        // An answer still finds its way.
        await world.DeliverAsync($"From: carol@other.test\nMessage-ID: <a@other.test>\nIn-Reply-To: <{id}@example.test>\n\nGood.\n");
        Assert.Equal(id, (string?)Assert.Single(await MailWorld.ListAsync(world.Alice))["in_reply_to"]);
    }

    [Fact]
    public async Task A_delete_in_time_keeps_the_mail_from_leaving()
    {
        var world = _world = await HoldingAsync();
        string id = (string)(await MailWorld.SendAsync(world.Alice, new { to = "bob@mail.test", body = "Never mind" }))[0]!["id"]!;
        await MailWorld.PostAsync(world.Alice, $"/.smxp/mail/messages/{id}/delete");
        Assert.Equal(0, await world.WaitingAsync());
        var row = await MailWorld.RowAsync(world.Alice, id);
        Assert.Equal((true, "failed", "cancelled: taken back before it was sent"), ((bool)row["deleted"]!, (string?)row["status"], (string?)row["error"]));
        // What comes after it leaves, and it alone.
        await MailWorld.SendAsync(world.Alice, new { to = "bob@mail.test", body = "Something else" });
        await world.HurryAsync();
        Assert.Equal("Something else", (await world.Outside.NextAsync()).Message.TextBody!.Trim());
        Assert.False(world.Outside.HasMail);
    }

    [Fact]
    public async Task A_held_mail_survives_a_restart_and_leaves_when_its_time_has_come()
    {
        var world = _world = await MailWorld.StartAsync(static settings => settings.With("Smxp:Bridge:Email:Outbound:HoldSeconds", "2"));
        string id = (string)(await MailWorld.SendAsync(world.Alice, new { to = "bob@mail.test", body = "Soon" }))[0]!["id"]!;
        await world.Server.RestartAsync();
        Assert.Equal($"{id}@example.test", (await world.Outside.NextAsync()).Message.MessageId);
    }

    [Fact]
    public async Task An_edit_of_what_has_left_is_a_mail_that_says_what_it_replaces()
    {
        var world = _world = await MailWorld.StartAsync();
        string id = (string)(await MailWorld.SendAsync(world.Alice, new { to = new[] { "bob@mail.test", "carol@other.test" }, subject = "Dinner", body = "At sefen" }))[0]!["id"]!;
        string? first = (await world.Outside.NextAsync()).Message.MessageId;
        await world.Outside.NextAsync();
        await MailWorld.PostAsync(world.Alice, $"/.smxp/mail/messages/{id}/edit", new { body = "At seven" });
        OutsideMail[] edits = [await world.Outside.NextAsync(), await world.Outside.NextAsync()];
        Assert.All(edits, edit =>
        {
            Assert.Equal(("Re: Dinner (edited)", first, $"<{first}>"), (edit.Message.Subject, edit.Message.InReplyTo, edit.Message.Headers["Supersedes"]));
            Assert.Equal(["bob@mail.test", "carol@other.test"], edit.Message.To.Mailboxes.Select(static to => to.Address));
            Assert.Equal("This replaces my earlier message.\n\nAt seven", edit.Message.TextBody!.ReplaceLineEndings("\n").Trim());
        });
        Assert.Equal(["bob@mail.test", "carol@other.test"], edits.Select(static edit => Assert.Single(edit.Recipients)).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_delete_of_what_has_left_is_told_as_configured_and_the_row_says_that_a_copy_stays(bool notify)
    {
        var world = _world = await MailWorld.StartAsync(settings => settings.With("Smxp:Bridge:Email:Outbound:NotifyDeletes", notify ? "true" : "false"));
        string id = (string)(await MailWorld.SendAsync(world.Alice, new { to = "bob@mail.test", subject = "Dinner", body = "At seven" }))[0]!["id"]!;
        string? first = (await world.Outside.NextAsync()).Message.MessageId;
        await MailWorld.PostAsync(world.Alice, $"/.smxp/mail/messages/{id}/delete");
        var row = await MailWorld.RowAsync(world.Alice, id);
        Assert.Equal((true, "sent", "the recipient keeps a copy: email cannot be taken back"), ((bool)row["deleted"]!, (string?)row["status"], (string?)row["error"]));
        Assert.Equal(notify, world.Outside.HasMail);
        if (!notify) return;
        var notice = (await world.Outside.NextAsync()).Message;
        Assert.Equal(("Re: Dinner", first, "auto-generated"), (notice.Subject, notice.InReplyTo, notice.Headers["Auto-Submitted"]));
        Assert.Equal("I have taken back my earlier message. Please disregard it.", notice.TextBody!.Trim());
    }

    private static Task<MailWorld> HoldingAsync() => MailWorld.StartAsync(static settings => settings.With("Smxp:Bridge:Email:Outbound:HoldSeconds", "3600"));
}
