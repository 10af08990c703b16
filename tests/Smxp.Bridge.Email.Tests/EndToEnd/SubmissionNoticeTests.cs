using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MailKit;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>What people are told, in their mail programs, of mail that was delivered or was not.</summary>
public sealed class SubmissionNoticeTests : IAsyncLifetime
{
    private const string Alice = "alice@example.test";
    private const string Dora = "dora@mail.test";

    private SubmissionServer _server = null!;
    private HttpClient _alice = null!;

    public async Task InitializeAsync()
    {
        _server = await SubmissionServer.StartAsync(null, "alice", "bob");
        _alice = await _server.OpenAsync(Alice);
    }

    public async Task DisposeAsync()
    {
        _alice.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_failure_is_on_the_row_and_comes_as_a_notification_in_the_same_conversation()
    {
        _server.Outside.Refusals["RCPT"] = "550 5.1.1 Nobody of that name";
        var mail = SubmissionServer.Mail(Alice, Dora);
        await _server.SendAsync(Alice, mail, new SubmissionServer.AskingClient(DeliveryStatusNotification.Failure, "QQ+7"));

        var notice = await NoticeAsync();
        var row = Assert.Single(await SubmissionServer.RowsAsync(_alice, "sent"))!;
        await Eventually.TrueAsync(async () => (string?)(await SubmissionServer.RowsAsync(_alice, "sent"))[0]!["status"] == "failed");
        Assert.Equal(("Undelivered mail", (string?)row["conversation_id"], (string?)row["id"]), ((string?)notice["subject"], (string?)notice["conversation_id"], (string?)notice["in_reply_to"]));
        Assert.Contains("Nobody of that name", (string?)notice["body"], StringComparison.Ordinal);

        var report = Assert.IsType<MultipartReport>((await ReportAsync(notice)).Body);
        var fields = Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups;
        Assert.Equal(("QQ+7", "failed", "5.1.1", $"rfc822; {Dora}"), (fields[0]["Original-Envelope-Id"], fields[1]["Action"], fields[1]["Status"], fields[1]["Final-Recipient"]));
        Assert.Equal(mail.MessageId, Assert.IsType<TextRfc822Headers>(report[2]).Message!.MessageId);
        Assert.Contains(_server.Outside.Heard, static line => line.StartsWith($"MAIL FROM:<{Alice}>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_operator_drops_is_told()
    {
        _server.Outside.Refusals["RCPT"] = "451 4.2.0 Not now";
        await _server.SendAsync(Alice, SubmissionServer.Mail(Alice, Dora));
        using var admin = _server.Server.NewAdminClient();
        await Eventually.TrueAsync(async () =>
        {
            var entries = (await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/queue"))!["entries"]!.AsArray();
            return entries.Count == 1 && (await admin.DeleteAsync(new Uri($"/.smxp/admin/queue/{(string)entries[0]!["id"]!}", UriKind.Relative))).IsSuccessStatusCode;
        });
        var notice = await NoticeAsync();
        Assert.Contains("dropped by the operator", (string?)notice["body"], StringComparison.Ordinal);
        Assert.Equal("failed", Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>((await ReportAsync(notice)).Body)[1]).StatusGroups[1]["Action"]);
        Assert.Equal("failed", (string?)(await SubmissionServer.RowsAsync(_alice, "sent"))[0]!["status"]);
    }

    [Fact]
    public async Task An_automatic_answer_of_a_mail_program_is_answered_by_none()
    {
        _server.Outside.Refusals["RCPT"] = "550 5.1.1 Nobody of that name";
        var mail = SubmissionServer.Mail(Alice, Dora);
        mail.Headers.Add("Auto-Submitted", "auto-replied");
        await _server.SendAsync(Alice, mail, new SubmissionServer.AskingClient(DeliveryStatusNotification.Failure));
        await Eventually.TrueAsync(async () => (string?)(await SubmissionServer.RowsAsync(_alice, "sent"))[0]!["status"] == "failed");
        Assert.Empty(await SubmissionServer.RowsAsync(_alice, "inbox"));
    }

    [Fact]
    public async Task Who_wants_to_hear_nothing_hears_nothing()
    {
        _server.Outside.Refusals["RCPT"] = "550 5.1.1 Nobody of that name";
        await _server.SendAsync(Alice, SubmissionServer.Mail(Alice, Dora), new SubmissionServer.AskingClient(DeliveryStatusNotification.Never));
        await Eventually.TrueAsync(async () => (string?)(await SubmissionServer.RowsAsync(_alice, "sent"))[0]!["status"] == "failed");
        Assert.Empty(await SubmissionServer.RowsAsync(_alice, "inbox"));
    }

    [Fact]
    public async Task A_failure_on_SMXP_is_told_as_well()
    {
        await using var peer = await TestServer.StartAsync();
        await peer.AddDomainAsync("peer.test");
        await _server.Server.RestartAsync(settings => settings.Hosts["peer.test"] = peer.BaseAddress.ToString().TrimEnd('/'));
        await _server.SendAsync(Alice, SubmissionServer.Mail(Alice, "nobody@peer.test"));
        var notice = await NoticeAsync();
        Assert.Equal("Undelivered mail", (string?)notice["subject"]);
        Assert.Contains("nobody@peer.test", (string?)notice["body"], StringComparison.Ordinal);
        Assert.False(_server.Outside.HasMail);
    }

    [Fact]
    public async Task A_delay_is_told_where_it_is_asked_for_and_once()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await _server.Server.RestartAsync(settings => settings.Time = time);
        _server.Outside.Refusals["RCPT"] = "450 4.2.0 Not now";
        await _server.SendAsync(Alice, SubmissionServer.Mail(Alice, Dora), new SubmissionServer.AskingClient(DeliveryStatusNotification.Delay));
        await Eventually.TrueAsync(async () =>
        {
            await StepAsync(time);
            return (await SubmissionServer.RowsAsync(_alice, "inbox")).Count > 0;
        });
        int attempts = Attempts();
        await Eventually.TrueAsync(async () =>
        {
            await StepAsync(time);
            return Attempts() > attempts + 1;
        });
        var notice = await NoticeAsync();
        Assert.Equal("Delayed mail", (string?)notice["subject"]);
        var fields = Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>((await ReportAsync(notice)).Body)[1]).StatusGroups[1];
        Assert.Equal("delayed", fields["Action"]);
        Assert.NotNull(fields["Will-Retry-Until"]);
        Assert.Equal("queued", (string?)(await SubmissionServer.RowsAsync(_alice, "sent"))[0]!["status"]);
    }

    // Slowly enough that a busy machine gets its attempts done before the mail's five days are over.
    private static async Task StepAsync(FakeTimeProvider time)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        time.Advance(TimeSpan.FromMinutes(15));
    }

    [Theory]
    [InlineData("bob@example.test", "Delivered mail", "delivered")]
    [InlineData(Dora, "Relayed mail", "relayed")]
    public async Task A_success_is_told_where_it_is_asked_for(string recipient, string subject, string action)
    {
        await _server.SendAsync(Alice, SubmissionServer.Mail(Alice, recipient), new SubmissionServer.AskingClient(DeliveryStatusNotification.Success));
        var notice = await NoticeAsync();
        Assert.Equal(subject, (string?)notice["subject"]);
        var report = Assert.IsType<MultipartReport>((await ReportAsync(notice)).Body);
        Assert.Equal(action, Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups[1]["Action"]);
    }

    [Fact]
    public async Task A_bounce_from_outside_finds_the_message_by_the_mail_programs_own_ids()
    {
        var mail = SubmissionServer.Mail(Alice, Dora, "emil@mail.test");
        await _server.SendAsync(Alice, mail, new SubmissionServer.AskingClient(DeliveryStatusNotification.Failure, "my-own-name"));
        await _server.Outside.NextAsync();
        await _server.Outside.NextAsync();
        string bounce = $"""
            From: MAILER-DAEMON@mail.test
            To: {Alice}
            Subject: Undeliverable
            Message-ID: <bounce@mail.test>
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b

            Emil has left.
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mail.test
            Original-Envelope-Id: my-own-name

            Final-Recipient: rfc822; emil@mail.test
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 Emil has left

            --b
            Content-Type: text/rfc822-headers

            Message-ID: <{mail.MessageId}>
            From: {Alice}

            --b--
            """.ReplaceLineEndings("\r\n");
        Assert.StartsWith("250", (await SmtpTalk.SendAsync(_server.RelayPort, "<>", [$"<{Alice}>"], bounce + "\r\n")).Last, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await SubmissionServer.RowsAsync(_alice, "sent")).Any(static row => (string?)row!["status"] == "failed"));
        var rows = await SubmissionServer.RowsAsync(_alice, "sent");
        Assert.Equal("emil@mail.test", (string?)Assert.Single(rows, static row => (string?)row!["status"] == "failed")!["to"]);
        Assert.Empty(await SubmissionServer.RowsAsync(_alice, "inbox"));
    }

    private int Attempts() => _server.Outside.Heard.Count(static line => line.StartsWith("RCPT", StringComparison.Ordinal));

    private async Task<JsonNode> NoticeAsync()
    {
        JsonNode? row = null;
        await Eventually.TrueAsync(async () => (row = (await SubmissionServer.RowsAsync(_alice, "inbox")).SingleOrDefault()) is not null);
        return row!;
    }

    private async Task<MimeMessage> ReportAsync(JsonNode row) =>
        await MimeMessage.LoadAsync(await _alice.GetStreamAsync($"/.smxp/bridge/email/messages/{(string?)row["id"]}/original"));
}
