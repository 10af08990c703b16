using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Plugins.Storage;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Return paths that are one mail's alone: whatever comes back to one without a return path is about that mail, and everything else is mail for its author.</summary>
public sealed class ReturnPathTests : IAsyncLifetime
{
    private const string Setting = "Smxp:Bridge:Email:Outbound:ReturnPath";

    private readonly ForwardClock _clock = new();
    private MailWorld _world = null!;

    public async Task InitializeAsync() => _world = await MailWorld.StartAsync(settings =>
    {
        settings.Time = _clock;
        settings.With(Setting, "verp");
    });

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Each_recipients_mail_has_one_of_its_own_at_the_authors_domain()
    {
        await MailWorld.SendAsync(_world.Alice, new { to = new[] { "carol@other.test", "bob@mail.test" }, body = "Hello" });
        var mails = new[] { await _world.Outside.NextAsync(), await _world.Outside.NextAsync() };
        Assert.All(mails, static mail =>
        {
            Assert.Matches("^bounce=[a-z2-7]{6}=[a-z2-7]{2}=[0-9a-f]{20}@example\\.test$", mail.Sender);
            Assert.Equal("alice@example.test", mail.Message.From.Mailboxes.Single().Address);
        });
        Assert.NotEqual(mails[0].Sender, mails[1].Sender);
    }

    [Theory]
    [InlineData("From: MAILER-DAEMON@mail.test\nSubject: Sorry\n\nIt did not work: 552 5.2.2 mailbox full\n", "552 5.2.2 mailbox full")]
    [InlineData("From: The machine <robot@mail.test>\nSubject: Your mail was not delivered\n\nSorry.\n", "Your mail was not delivered")]
    [InlineData("From: MAILER-DAEMON@mail.test\nAuto-Submitted: auto-replied\n\nSorry.\n", "returned without a reason")]
    [InlineData("Subject: From nobody at all\n\nSorry.\n", "From nobody at all")]
    public async Task A_bounce_that_names_nothing_fails_its_message(string bounce, string words)
    {
        var results = await MailWorld.SendAsync(_world.Alice, new { to = new[] { "carol@other.test", "bob@mail.test" }, body = "Hello" });
        var mails = new[] { await _world.Outside.NextAsync(), await _world.Outside.NextAsync() };
        string returnPath = mails.Single(static mail => mail.Recipients[0] == "bob@mail.test").Sender;
        // Whichever case servers on the way like best.
        await _world.DeliverFromAsync("", bounce, returnPath.ToUpperInvariant());
        await AssertRowAsync((string)results[1]!["id"]!, "failed", words);
        await AssertRowAsync((string)results[0]!["id"]!, "sent", null);
        Assert.Empty(await MailWorld.ListAsync(_world.Alice));
    }

    [Theory]
    [InlineData("delayed", "sent", "delayed: 451 4.7.1 later")]
    [InlineData("delivered", "sent", null)]
    [InlineData("failed", "failed", "451 4.7.1 later")]
    public async Task A_notification_is_about_its_message_whomever_it_names(string action, string status, string? error)
    {
        var (id, returnPath) = await SendAsync();
        await _world.DeliverFromAsync(
            "",
            "From: postmaster@mail.test\nSubject: Report\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSee below.\n--b\nContent-Type: message/delivery-status\n\n"
            + $"Reporting-MTA: dns; mail.test\n\nFinal-Recipient: rfc822; robert@inner.mail.test\nAction: {action}\nStatus: 4.7.1\nDiagnostic-Code: smtp; 451 4.7.1 later\n\n--b--\n",
            returnPath);
        await AssertRowAsync(id, status, error);
        Assert.Empty(await MailWorld.ListAsync(_world.Alice));
    }

    [Theory]
    [InlineData("", "Auto-Submitted: auto-replied\n")]
    [InlineData("", "In-Reply-To: <something@example.test>\n")]
    [InlineData("bob@mail.test", "")]
    public async Task What_is_no_bounce_is_mail_for_the_author(string sender, string field)
    {
        var (id, returnPath) = await SendAsync();
        await _world.DeliverFromAsync(sender, $"From: bob@mail.test\nSubject: Away\nMessage-ID: <away@mail.test>\n{field}\nBack in May. Call 555 1234 if it burns.\n", returnPath);
        var row = Assert.Single(await MailWorld.ListAsync(_world.Alice));
        Assert.Equal(("Away", "alice@example.test"), ((string?)row["subject"], (string?)row["to"]));
        await AssertRowAsync(id, "sent", null);
    }

    [Fact]
    public async Task What_was_not_given_out_or_long_ago_is_unknown()
    {
        var (_, returnPath) = await SendAsync();
        string forged = (returnPath[7] == 'a' ? "bounce=b" : "bounce=a") + returnPath[8..];
        Assert.StartsWith("550 5.1.1", await ReplyAsync(forged), StringComparison.Ordinal);
        await _world.Server.AddDomainAsync("second.test");
        Assert.StartsWith("550 5.1.1", await ReplyAsync(returnPath.Replace("@example.test", "@second.test", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith("250", await ReplyAsync(returnPath), StringComparison.Ordinal);
        _clock.Ahead = TimeSpan.FromDays(22);
        Assert.StartsWith("550 5.1.1", await ReplyAsync(returnPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_given_out_holds_when_no_more_are()
    {
        var (id, returnPath) = await SendAsync();
        await _world.Server.RestartAsync(static settings => settings.With(Setting, "author"));
        await _world.DeliverFromAsync("", "From: MAILER-DAEMON@mail.test\n\n550 No.\n", returnPath);
        await AssertRowAsync(id, "failed", "550 No.");
        Assert.Equal("alice@example.test", (await SendAsync()).ReturnPath);
    }

    [Fact]
    public async Task They_are_forgotten_once_they_are_too_old()
    {
        await SendAsync();
        var state = _world.Server.Services.GetRequiredService<IBridgeState>();
        var addresses = new VerpAddresses(state, new ReturnPathSecret(state), isOn: true, _clock);
        Assert.Equal(0, await addresses.ForgetAsync(CancellationToken.None));
        _clock.Ahead = TimeSpan.FromDays(22);
        Assert.Equal(1, await addresses.ForgetAsync(CancellationToken.None));
        Assert.Empty(await state.ListAsync(EmailBridge.BridgeName, null, "verp/", null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Handed_in_mail_has_them_too()
    {
        await using var server = await SubmissionServer.StartAsync(static settings => settings.With(Setting, "verp"), "alice");
        using var alice = await server.OpenAsync("alice@example.test");
        await server.SendAsync("alice@example.test", SubmissionServer.Mail("alice@example.test", "dora@mail.test"));
        var left = await server.Outside.NextAsync();
        Assert.StartsWith("bounce=", left.Sender, StringComparison.Ordinal);
        Assert.StartsWith("250", await RawSmtp.DeliverAsync(server.RelayPort, "From: MAILER-DAEMON@mail.test\r\n\r\n550 No.\r\n"u8.ToArray(), left.Sender, ""), StringComparison.Ordinal);
        JsonNode? row = null;
        await Eventually.TrueAsync(async () => (string?)(row = Assert.Single(await SubmissionServer.RowsAsync(alice, "sent")))?["status"] == "failed");
        Assert.Equal("550 No.", (string?)row!["error"]);
        // Nobody hands in mail to one.
        Assert.StartsWith("550 5.1.1", (await server.TalkAsync("alice@example.test", "MAIL FROM:<alice@example.test>", $"RCPT TO:<{left.Sender}>"))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_hybrid_domain_the_legacy_server_is_not_asked_about_them()
    {
        await using var world = await HybridWorld.StartAsync(configure: static settings => settings.With(Setting, "verp"));
        var sent = (await MailWorld.SendAsync(world.Alice, new { to = "bob@mail.test", body = "Hello" }))[0]!;
        string returnPath = (await world.Outside.NextAsync()).Sender;
        Assert.StartsWith("250", (await world.SendAsync("From: MAILER-DAEMON@mail.test\r\n\r\n550 No.\r\n", "<>", $"<{returnPath}>")).Last, StringComparison.Ordinal);
        Assert.Equal("failed", (string?)(await MailWorld.RowAsync(world.Alice, (string)sent["id"]!))["status"]);
        Assert.Empty(world.Legacy.Heard);
    }

    private async Task<string> ReplyAsync(string recipient)
    {
        try
        {
            await _world.DeliverFromAsync("", "From: MAILER-DAEMON@mail.test\n\nNo.\n", recipient);
            return "250";
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message.Split("heard: ")[1];
        }
    }

    private async Task<(string Id, string ReturnPath)> SendAsync()
    {
        var sent = (await MailWorld.SendAsync(_world.Alice, new { to = "bob@mail.test", subject = "Hello", body = "Hello" }))[0]!;
        Assert.Equal("sent", (string?)sent["status"]);
        return ((string)sent["id"]!, (await _world.Outside.NextAsync()).Sender);
    }

    private async Task AssertRowAsync(string id, string status, string? error)
    {
        var row = await MailWorld.RowAsync(_world.Alice, id);
        Assert.Equal((status, error), ((string?)row["status"], (string?)row["error"]));
    }
}
