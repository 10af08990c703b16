using MimeKit;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Who asks for it (NOTIFY=SUCCESS, RFC 3461) is told that his mail is in a mailbox here.</summary>
public sealed class ArrivalNoticeTests
{
    private const string Asking = "<alice@example.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;al@mail.test";

    [Fact]
    public async Task Who_asked_is_told_once_however_often_the_mail_comes()
    {
        await using var world = await HybridWorld.StartAsync();
        foreach (int _ in Enumerable.Range(0, 2))
            Assert.StartsWith("250", (await world.SendAsync(HybridWorld.Mail("arrived"), "<bob@mail.test> ENVID=abc RET=HDRS", Asking)).Last, StringComparison.Ordinal);
        var mail = await world.Outside.NextAsync();
        Assert.Equal(("", "bob@mail.test"), (mail.Sender, Assert.Single(mail.Recipients)));
        var report = Assert.IsType<MultipartReport>(mail.Message.Body);
        var status = Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups;
        Assert.Equal(("abc", "delivered", "2.0.0"), (status[0]["Original-Envelope-Id"], status[1]["Action"], status[1]["Status"]));
        Assert.Equal(("rfc822; al@mail.test", "rfc822; alice@example.test"), (status[1]["Original-Recipient"], status[1]["Final-Recipient"]));
        Assert.Equal("arrived@mail.test", Assert.IsType<TextRfc822Headers>(report[2]).Message!.MessageId);
        await world.SettleAsync();
        Assert.False(world.Outside.HasMail);
        Assert.Single(await world.InboxAsync());
    }

    [Theory]
    [InlineData("<bob@mail.test>", "<alice@example.test>", "")]
    [InlineData("<bob@mail.test>", "<alice@example.test> NOTIFY=FAILURE", "")]
    [InlineData("<>", Asking, "")]
    [InlineData("<bob@mail.test>", Asking, "Auto-Submitted: auto-replied\r\n")]
    public async Task Nobody_else_is(string sender, string recipient, string field)
    {
        await using var world = await HybridWorld.StartAsync();
        Assert.StartsWith("250", (await world.SendAsync(HybridWorld.Mail("silent", field), sender, recipient)).Last, StringComparison.Ordinal);
        await world.SettleAsync();
        Assert.False(world.Outside.HasMail);
        Assert.Single(await world.InboxAsync());
    }

    // Otherwise a stranger could have us write to whom he likes.
    [Theory]
    [InlineData("v=spf1 ip4:127.0.0.1 -all", true)]
    [InlineData("v=spf1 ip4:192.0.2.1 ?all", false)]
    public async Task A_return_path_that_nobody_vouches_for_is_not_written_to(string spf, bool told)
    {
        await using var world = await HybridWorld.StartAsync(
            configure: settings => settings.With("Smxp:Bridge:Email:Trust:SkipFor:0", "192.0.2.0/24"), names: zone => zone.Text("mail.test", spf));
        Assert.StartsWith("250", (await world.SendAsync(HybridWorld.Mail("vouched"), recipients: Asking)).Last, StringComparison.Ordinal);
        if (told) await world.Outside.NextAsync();
        await world.SettleAsync();
        Assert.False(world.Outside.HasMail);
    }
}
