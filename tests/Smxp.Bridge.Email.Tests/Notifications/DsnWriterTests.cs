using System.Text;
using MimeKit;
using Smxp.Bridge.Email.Notifications;

namespace Smxp.Bridge.Email.Tests.Notifications;

public sealed class DsnWriterTests
{
    private static readonly DsnReport Failure = new()
    {
        MessageId = "relay-1.failed@gw.test",
        To = "bob@mail.test",
        Action = DsnAction.Failed,
        ReportingServer = "gw.test",
        Recipient = "old@example.test",
        Status = "5.1.1",
        Words = "old.test answered: 550 5.1.1 Who?",
        IsReply = true,
        ArrivedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Date = new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.Zero),
        Returned = "From: bob@mail.test\r\nSubject: Lunch\r\n"u8.ToArray(),
    };

    [Fact]
    public void Is_a_report_that_people_and_programs_read()
    {
        byte[] bytes = DsnWriter.Write(Failure with { OriginalRecipient = "first@mail.test", EnvelopeId = "env 1" });
        var (message, report, fields) = Parse(bytes);
        Assert.Equal(("auto-replied", "delivery-status"), (message.Headers["Auto-Submitted"], report.ReportType));
        Assert.Contains("could not be delivered", ((TextPart)report[0]).Text, StringComparison.Ordinal);
        Assert.Equal(("env 1", "dns; gw.test"), (fields.StatusGroups[0]["Original-Envelope-Id"], fields.StatusGroups[0]["Reporting-MTA"]));
        var recipient = fields.StatusGroups[1];
        Assert.Equal(
            ("rfc822; first@mail.test", "rfc822; old@example.test", "failed", "5.1.1"),
            (recipient["Original-Recipient"], recipient["Final-Recipient"], recipient["Action"], recipient["Status"]));
        Assert.Equal("smtp; old.test answered: 550 5.1.1 Who?", recipient["Diagnostic-Code"]);
        Assert.Equal("text/rfc822-headers", report[2].ContentType.MimeType);
        Assert.Contains("\r\n\r\nFrom: bob@mail.test\r\nSubject: Lunch\r\n", Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Brings_a_whole_mail_back_where_that_was_asked()
    {
        byte[] mail = "From: bob@mail.test\r\nSubject: Lunch\r\n\r\nAre you free?\r\n"u8.ToArray();
        var (_, report, _) = Parse(DsnWriter.Write(Failure with { Returned = mail, IsWhole = true }));
        Assert.Equal("Are you free?", Assert.IsType<MessagePart>(report[2]).Message!.GetTextBody(MimeKit.Text.TextFormat.Plain)!.Trim());
    }

    [Fact]
    public void Says_until_when_a_delayed_mail_is_tried()
    {
        var until = new DateTimeOffset(2026, 1, 7, 3, 4, 5, TimeSpan.Zero);
        var (message, _, fields) = Parse(DsnWriter.Write(Failure with { Action = DsnAction.Delayed, Status = "4.4.1", TriedUntil = until }));
        Assert.Equal(("Delayed mail", "delayed"), (message.Subject, fields.StatusGroups[1]["Action"]));
        Assert.Equal("Wed, 07 Jan 2026 03:04:05 +0000", fields.StatusGroups[1]["Will-Retry-Until"]);
    }

    [Fact]
    public void Is_seven_bits_whatever_it_speaks_of_and_the_same_each_time()
    {
        var report = Failure with { Recipient = "jürgen@example.test", Words = "Größe", Returned = Encoding.UTF8.GetBytes("Subject: Größe\r\n") };
        byte[] bytes = DsnWriter.Write(report);
        Assert.True(Ascii.IsValid(bytes));
        Assert.Equal(bytes, DsnWriter.Write(report));
        var (_, parts, fields) = Parse(bytes);
        Assert.Equal("utf-8; j\\x{FC}rgen@example.test", fields.StatusGroups[1]["Final-Recipient"]);
        Assert.Contains("jürgen@example.test", ((TextPart)parts[0]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_of_a_server_forge_no_fields()
    {
        byte[] bytes = DsnWriter.Write(Failure with { Words = "no\r\nAction: delivered\r\n\r\nStatus: 2.0.0" });
        var (_, _, fields) = Parse(bytes);
        Assert.True(fields.StatusGroups.Skip(2).All(static group => group.Count == 0), Encoding.ASCII.GetString(bytes));
        Assert.Equal(("failed", "5.1.1"), (fields.StatusGroups[1]["Action"], fields.StatusGroups[1]["Status"]));
    }

    [Theory]
    [InlineData("old.test answered: 550 5.1.1 Who?", "5.1.1", true)]
    [InlineData("old.test answered: 550 Who?", "5.0.0", true)]
    [InlineData("gave up after 20 attempts: old.test answered: 451 4.3.0 Later", "5.3.0", true)]
    [InlineData("gave up after 20 attempts: it cannot be reached", "5.0.0", false)]
    [InlineData(null, "5.0.0", false)]
    public void The_status_fits_the_words_and_the_failure(string? words, string status, bool isReply) => Assert.Equal((status, isReply), DsnStatus.Of(words, isPermanent: true));

    private static (MimeMessage Message, MultipartReport Report, MessageDeliveryStatus Fields) Parse(byte[] bytes)
    {
        var message = MimeMessage.Load(new MemoryStream(bytes));
        var report = Assert.IsType<MultipartReport>(message.Body);
        return (message, report, Assert.IsType<MessageDeliveryStatus>(report[1]));
    }
}
