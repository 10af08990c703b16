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
            time.Advance(TimeSpan.FromMinutes(15));
            return (await SubmissionServer.RowsAsync(_alice, "inbox")).Count > 0;
        });
        int attempts = Attempts();
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(15));
            return Attempts() > attempts + 1;
        });
        var notice = await NoticeAsync();
        Assert.Equal("Delayed mail", (string?)notice["subject"]);
        var fields = Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>((await ReportAsync(notice)).Body)[1]).StatusGroups[1];
        Assert.Equal("delayed", fields["Action"]);
        Assert.NotNull(fields["Will-Retry-Until"]);
        Assert.Equal("queued", (string?)(await SubmissionServer.RowsAsync(_alice, "sent"))[0]!["status"]);
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
