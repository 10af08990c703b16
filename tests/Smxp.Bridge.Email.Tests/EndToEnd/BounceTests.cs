using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Bounces: they change the row of the message they speak of, in the other server's words, and land as mail only where they speak of nothing known.</summary>
public sealed class BounceTests : IAsyncLifetime
{
    private MailWorld _world = null!;

    public async Task InitializeAsync() => _world = await MailWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_failure_reaches_the_sender_with_the_remote_words()
    {
        var (id, mail) = await SendAsync();
        await BounceAsync(Standard("failed", "550 5.1.1 <bob@mail.test>: no such user", mail));
        await AssertRowAsync(id, "failed", "mx.mail.test: 550 5.1.1 <bob@mail.test>: no such user");
        Assert.Empty(await MailWorld.ListAsync(_world.Alice));
    }

    [Fact]
    public async Task A_failure_is_logged_once_for_the_streams_however_often_it_comes()
    {
        var (id, mail) = await SendAsync();
        string bounce = Standard("failed", "550 no", mail);
        await BounceAsync(bounce);
        await BounceAsync(bounce);
        var store = _world.Server.Services.GetRequiredService<IMessageStore>();
        var logged = (await store.QueryAsync(new MailboxQuery { Mailbox = Address.Parse("alice@example.test"), Kinds = ["status"] }, CancellationToken.None)).Entries;
        Assert.Equal([(SendStatus.Failed, "mx.mail.test: 550 no"), (SendStatus.Sent, null)], logged.Where(entry => entry.Id == id).Select(static entry => (entry.Status!.Value, entry.Error)));
    }

    [Fact]
    public async Task What_the_mail_was_called_is_enough()
    {
        var (id, _) = await SendAsync();
        await BounceAsync(Standard("failed", "550 no", null, $"Original-Envelope-Id: {id}\n"));
        await AssertRowAsync(id, "failed", "mx.mail.test: 550 no");
    }

    [Fact]
    public async Task Of_a_group_only_the_recipient_spoken_of_has_failed()
    {
        var results = await MailWorld.SendAsync(_world.Alice, new { to = new[] { "carol@other.test", "bob@mail.test" }, body = "Hello" });
        string mail = MailWorld.TextOf((await _world.Outside.NextAsync()).Message);
        await BounceAsync(Standard("failed", "550 no", mail));
        await AssertRowAsync((string)results[1]!["id"]!, "failed", "mx.mail.test: 550 no");
        await AssertRowAsync((string)results[0]!["id"]!, "sent", null);
    }

    [Fact]
    public async Task A_delay_is_told_and_a_success_is_not()
    {
        var (id, mail) = await SendAsync();
        await BounceAsync(Standard("delayed", "451 4.7.1 greylisted", mail));
        await AssertRowAsync(id, "sent", "delayed: mx.mail.test: 451 4.7.1 greylisted");
        var (other, delivered) = await SendAsync();
        await BounceAsync(Standard("delivered", "250 2.0.0 OK", delivered));
        await AssertRowAsync(other, "sent", null);
        Assert.Empty(await MailWorld.ListAsync(_world.Alice));
    }

    [Fact]
    public async Task One_in_its_own_words_that_brings_the_mail_back_is_understood()
    {
        var (id, mail) = await SendAsync();
        string body = $"Hi. This is the mail program at mail.test.\nI'm afraid I wasn't able to deliver your message.\n\n<bob@mail.test>:\n550 sorry, no mailbox here by that name (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <alice@example.test>\n{mail}";
        await BounceAsync($"From: MAILER-DAEMON@mail.test\nTo: alice@example.test\nSubject: failure notice\nMessage-ID: <qmail@mail.test>\n\n{body}");
        await AssertRowAsync(id, "failed", "550 sorry, no mailbox here by that name (#5.1.1)");

        (id, mail) = await SendAsync();
        await BounceAsync($"From: postmaster@mail.test\nTo: alice@example.test\nSubject: Undeliverable: Hello\nMessage-ID: <odd@mail.test>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nIt could not be delivered.\n--b\nContent-Type: message/rfc822\n\n{mail}\n--b--\n");
        await AssertRowAsync(id, "failed", "Undeliverable: Hello");
    }

    [Theory]
    [InlineData("bob@mail.test", true)]
    [InlineData("", false)]
    public async Task What_has_a_return_path_or_speaks_of_nothing_known_is_mail(string returnPath, bool known)
    {
        var (id, mail) = await SendAsync();
        await _world.DeliverFromAsync(returnPath, Standard("failed", "550 no", known ? mail : mail.Replace(id, new string('A', 43), StringComparison.Ordinal)));
        await AssertRowAsync(id, "sent", null);
        Assert.Equal("Undelivered", (string?)Assert.Single(await MailWorld.ListAsync(_world.Alice))["subject"]);
    }

    [Fact]
    public async Task A_vacation_notice_that_quotes_the_mail_is_mail()
    {
        var (id, mail) = await SendAsync();
        await BounceAsync($"From: bob@mail.test\nTo: alice@example.test\nSubject: Away\nAuto-Submitted: auto-replied\nMessage-ID: <away@mail.test>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nI am away until 5 May.\n--b\nContent-Type: message/rfc822\n\n{mail}\n--b--\n");
        await AssertRowAsync(id, "sent", null);
        Assert.Equal("Away", (string?)Assert.Single(await MailWorld.ListAsync(_world.Alice))["subject"]);
    }

    private static string Standard(string action, string diagnostic, string? original, string more = "") =>
        $"From: MAILER-DAEMON@mail.test\nTo: alice@example.test\nSubject: Undelivered\nMessage-ID: <{Guid.NewGuid():n}@mail.test>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        + "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\n\nIt did not arrive.\n--b\nContent-Type: message/delivery-status\n\n"
        + $"Reporting-MTA: dns; mx.mail.test\n{more}\nFinal-Recipient: rfc822; bob@mail.test\nAction: {action}\nStatus: 5.1.1\nRemote-MTA: dns; mx.mail.test\nDiagnostic-Code: smtp; {diagnostic}\n"
        + (original is null ? "" : $"\n--b\nContent-Type: text/rfc822-headers\n\n{original[..original.ReplaceLineEndings("\n").IndexOf("\n\n", StringComparison.Ordinal)]}\n") + "--b--\n";

    private Task BounceAsync(string mail) => _world.DeliverFromAsync("", mail);

    private async Task<(string Id, string Mail)> SendAsync()
    {
        var sent = (await MailWorld.SendAsync(_world.Alice, new { to = "bob@mail.test", subject = "Hello", body = "Hello" }))[0]!;
        Assert.Equal("sent", (string?)sent["status"]);
        return ((string)sent["id"]!, MailWorld.TextOf((await _world.Outside.NextAsync()).Message));
    }

    private async Task AssertRowAsync(string id, string status, string? error)
    {
        JsonNode row = await MailWorld.RowAsync(_world.Alice, id);
        Assert.Equal((status, error), ((string?)row["status"], (string?)row["error"]));
    }
}
