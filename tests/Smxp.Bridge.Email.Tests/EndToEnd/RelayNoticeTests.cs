using MimeKit;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>What senders of relayed mail are told, and by which address bounces find back.</summary>
public sealed class RelayNoticeTests
{
    [Fact]
    public async Task A_bounce_goes_to_the_original_sender_and_a_forged_one_to_nobody()
    {
        await using var world = await HybridWorld.StartAsync();
        await world.SendAsync(HybridWorld.Mail("one"));
        string returnPath = (await world.Legacy.NextAsync()).Sender;

        string bounce = "From: MAILER-DAEMON@old.test\r\nSubject: No\r\nMessage-ID: <bounce@old.test>\r\n\r\nSorry.\r\n";
        Assert.StartsWith("250", (await world.SendAsync(bounce, "<>", $"<{returnPath}>")).Last, StringComparison.Ordinal);
        var returned = await world.Outside.NextAsync();
        Assert.Equal(("", "bob@mail.test"), (returned.Sender, Assert.Single(returned.Recipients)));
        Assert.EndsWith(bounce, HybridWorld.Text(returned), StringComparison.Ordinal);

        string forged = returnPath.Replace("=bob@", "=eve@", StringComparison.Ordinal);
        Assert.StartsWith("550", (await world.SendAsync(bounce, "<>", $"<{forged}>")).Last, StringComparison.Ordinal);
        Assert.StartsWith("550", (await world.SendAsync(bounce, "<someone@old.test>", $"<{returnPath}>")).Last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_told_once_and_only_to_whom_it_concerns()
    {
        await using var world = await HybridWorld.StartAsync();
        world.Legacy.Refusals["."] = "550 5.7.9 Not this one";
        await world.SendAsync(HybridWorld.Mail("null"), "<>");
        await world.SendAsync(HybridWorld.Mail("never"), recipients: "<old@example.test> NOTIFY=NEVER");
        await world.SendAsync(HybridWorld.Mail("told", body: "The secret body"), "<bob@mail.test> ENVID=env+3D1 RET=HDRS", "<old@example.test> NOTIFY=FAILURE ORCPT=rfc822;first@mail.test");

        var mail = await world.Outside.NextAsync();
        Assert.Equal(("", "bob@mail.test"), (mail.Sender, Assert.Single(mail.Recipients)));
        var report = Assert.IsType<MultipartReport>(mail.Message.Body);
        var status = Assert.IsType<MessageDeliveryStatus>(report[1]);
        Assert.Equal(("env=1", "dns; gw.example.test"), (status.StatusGroups[0]["Original-Envelope-Id"], status.StatusGroups[0]["Reporting-MTA"]));
        var recipient = status.StatusGroups[1];
        Assert.Equal(
            ("rfc822; first@mail.test", "rfc822; old@example.test", "failed", "5.7.9"),
            (recipient["Original-Recipient"], recipient["Final-Recipient"], recipient["Action"], recipient["Status"]));
        Assert.Contains("550 5.7.9 Not this one", recipient["Diagnostic-Code"], StringComparison.Ordinal);
        Assert.Contains("Message-ID: <told@mail.test>", mail.Message.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("The secret body", mail.Message.ToString(), StringComparison.Ordinal);

        await world.SettleAsync();
        Assert.False(world.Outside.HasMail);
    }

    [Fact]
    public async Task A_sender_with_an_inbox_here_finds_the_failure_there()
    {
        await using var world = await HybridWorld.StartAsync();
        world.Legacy.Refusals["."] = "550 5.7.9 Not this one";
        await world.SendAsync(HybridWorld.Mail("inbox"), "<alice@example.test>");
        await Eventually.TrueAsync(async () => (await world.InboxAsync()).Count == 1);
        Assert.Contains("550 5.7.9 Not this one", (string?)(await world.InboxAsync())[0]!["body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asked_learns_that_the_mail_went_on_to_a_server_that_does_not_tell()
    {
        await using var world = await HybridWorld.StartAsync();
        await world.SendAsync(HybridWorld.Mail("relayed"), recipients: "<old@example.test> NOTIFY=SUCCESS,FAILURE");
        await world.Legacy.NextAsync();
        var report = Assert.IsType<MultipartReport>((await world.Outside.NextAsync()).Message.Body);
        Assert.Equal("relayed", Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups[1]["Action"]);
    }

    [Fact]
    public async Task A_server_that_tells_is_asked_to()
    {
        await using var world = await HybridWorld.StartAsync(new OutsideServer { Notifies = true });
        await world.SendAsync(HybridWorld.Mail("passed"), "<bob@mail.test> ENVID=abc RET=FULL", "<old@example.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;first@mail.test");
        await world.Legacy.NextAsync();
        Assert.Contains(world.Legacy.Heard, static line => line.StartsWith("MAIL FROM:<SRS0=", StringComparison.Ordinal) && line.EndsWith(" RET=FULL ENVID=abc", StringComparison.Ordinal));
        Assert.Contains("RCPT TO:<old@example.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;first@mail.test", world.Legacy.Heard);
        await world.SettleAsync();
        Assert.False(world.Outside.HasMail);
    }

    [Fact]
    public async Task A_large_mail_waits_in_a_blob_through_a_restart_and_leaves_nothing_behind()
    {
        await using var world = await HybridWorld.StartAsync();
        world.Legacy.Refusals["DATA"] = "451 4.3.0 Not now";
        string mail = HybridWorld.Mail("large", body: string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"Line {i} of many\r\n")));
        Assert.StartsWith("250", (await world.SendAsync(mail)).Last, StringComparison.Ordinal);
        Assert.NotEmpty(Blobs(world));
        await world.Server.RestartAsync();
        world.Legacy.Refusals.Clear();
        using var admin = world.Server.NewAdminClient();
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await admin.PostAsync(new Uri("/.smxp/admin/queue/retry", UriKind.Relative), null);
            return world.Legacy.HasMail;
        });
        Assert.EndsWith(mail, HybridWorld.Text(await world.Legacy.NextAsync()), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => Blobs(world).Length == 0);
    }

    private static string[] Blobs(HybridWorld world) => Directory.GetFiles(Path.Combine(world.Server.DataDirectory, "blobs"), "*", SearchOption.AllDirectories);
}
