using MimeKit;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Receipts, both ways: asked for and given by email as disposition notifications, on SMXP as receipts.</summary>
public sealed class ReadReceiptTests : IAsyncLifetime
{
    private MailWorld _world = null!;

    public async Task InitializeAsync() => _world = await MailWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_mail_asks_where_its_sender_asked_and_the_answer_marks_it_read()
    {
        await MailWorld.SendAsync(_world.Alice, new { to = "bob@mail.test", body = "No matter" });
        Assert.Null((await _world.Outside.NextAsync()).Message.Headers[HeaderId.DispositionNotificationTo]);
        string id = (string)(await MailWorld.SendAsync(_world.Alice, new { to = "bob@mail.test", body = "Did you see?", request_receipt = true }))[0]!["id"]!;
        var mail = (await _world.Outside.NextAsync()).Message;
        Assert.Equal("alice@example.test", mail.Headers[HeaderId.DispositionNotificationTo]);

        await _world.DeliverAsync(Notification(mail.MessageId!, "automatic-action/MDN-sent-automatically; deleted"));
        Assert.Equal(0, (int)(await MailWorld.RowAsync(_world.Alice, id))["read_status"]!);
        await _world.DeliverFromAsync("", Notification(mail.MessageId!, "manual-action/MDN-sent-manually; displayed"));
        Assert.Equal(2, (int)(await MailWorld.RowAsync(_world.Alice, id))["read_status"]!);
        // Only what a person should look at lands as mail.
        Assert.Single(await MailWorld.ListAsync(_world.Alice));
    }

    [Fact]
    public async Task A_notification_of_somebody_elses_mail_is_mail()
    {
        await _world.DeliverFromAsync("", Notification($"{new string('A', 43)}@example.test", "manual-action/MDN-sent-manually; displayed"));
        Assert.Single(await MailWorld.ListAsync(_world.Alice));
    }

    [Fact]
    public async Task Who_asks_is_told_once_and_only_when_the_reader_says_so()
    {
        await _world.DeliverAsync("From: bob@mail.test\nTo: alice@example.test\nSubject: Please confirm\nMessage-ID: <confirm@mail.test>\nDisposition-Notification-To: Bob <bob@mail.test>\n\nDid you see?\n");
        var received = Assert.Single(await MailWorld.ListAsync(_world.Alice));
        await MailWorld.PostAsync(_world.Alice, $"/.smxp/mail/messages/{(string?)received["id"]}/read");
        await AcknowledgeAsync((string)received["conversation_id"]!);
        var notice = await _world.Outside.NextAsync();
        Assert.Equal(("", "bob@mail.test"), (notice.Sender, Assert.Single(notice.Recipients)));
        Assert.Equal(("auto-replied", "confirm@mail.test"), (notice.Message.Headers["Auto-Submitted"], notice.Message.InReplyTo));
        var report = Assert.IsType<MultipartReport>(notice.Message.Body);
        Assert.Equal("disposition-notification", report.ReportType);
        var fields = Assert.Single(report.OfType<MessageDispositionNotification>()).Fields;
        Assert.Equal(("<confirm@mail.test>", "rfc822; alice@example.test", "manual-action/MDN-sent-manually; displayed"), (fields["Original-Message-ID"], fields["Final-Recipient"], fields["Disposition"]));

        await AcknowledgeAsync((string)received["conversation_id"]!);
        await AssertNothingLeavesAsync();
    }

    [Theory]
    [InlineData("Disposition-Notification-To: mallory@elsewhere.test")]
    [InlineData("Disposition-Notification-To: bob@mail.test\nList-Id: <news.mail.test>")]
    [InlineData("Disposition-Notification-To: bob@mail.test\nAuto-Submitted: auto-generated")]
    [InlineData("Disposition-Notification-To: bob@mail.test\nPrecedence: bulk")]
    [InlineData("X-Nothing: asked")]
    public async Task Strangers_lists_and_machines_are_told_nothing(string header)
    {
        await _world.DeliverAsync($"From: bob@mail.test\nTo: alice@example.test\nMessage-ID: <confirm@mail.test>\n{header}\n\nDid you see?\n");
        await AcknowledgeAsync((string)Assert.Single(await MailWorld.ListAsync(_world.Alice))["conversation_id"]!);
        await AssertNothingLeavesAsync();
    }

    private Task AcknowledgeAsync(string conversation) => MailWorld.PostAsync(_world.Alice, $"/.smxp/mail/conversations/{conversation}/ack");

    // The answer to an acknowledgement comes when its receipts were carried; a mail after it would be the next to arrive.
    private async Task AssertNothingLeavesAsync()
    {
        await MailWorld.SendAsync(_world.Alice, new { to = "bob@mail.test", body = "Afterwards" });
        Assert.Equal("Afterwards", (await _world.Outside.NextAsync()).Message.TextBody!.Trim());
        Assert.False(_world.Outside.HasMail);
    }

    private static string Notification(string original, string disposition) =>
        $"From: bob@mail.test\nTo: alice@example.test\nSubject: Read\nMessage-ID: <{Guid.NewGuid():n}@mail.test>\nMIME-Version: 1.0\n"
        + "Content-Type: multipart/report; report-type=disposition-notification; boundary=\"b\"\n\n--b\n\nIt was read.\n--b\nContent-Type: message/disposition-notification\n\n"
        + $"Reporting-UA: mail.test; Reader\nFinal-Recipient: rfc822; bob@mail.test\nOriginal-Message-ID: <{original}>\nDisposition: {disposition}\n\n--b--\n";
}
