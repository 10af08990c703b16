namespace Smxp.Bridge.Email.Tests.Mapping;

public sealed class AutomaticTests
{
    [Theory]
    [InlineData("Auto-Submitted: auto-replied", true)]
    [InlineData("Auto-Submitted: auto-generated; owner-email=\"x@y\"", true)]
    [InlineData("Auto-Submitted: No", false)]
    [InlineData("Precedence: Bulk", true)]
    [InlineData("Precedence: first-class", false)]
    [InlineData("List-Unsubscribe: <mailto:x@y>", true)]
    [InlineData("X-List-Of: things", false)]
    public void Tells_machines_and_lists_from_people(string header, bool expected) =>
        Assert.Equal(expected, MailReaderTests.Read($"From: bob@peer.test\r\n{header}\r\n\r\nHi").IsAutomatic);

    [Theory]
    [InlineData("<bob@peer.test>", true)]
    [InlineData("Bob <BOB@peer.test>", true)]
    [InlineData("bob@peer.test, mallory@else.test", false)]
    [InlineData("", false)]
    public void A_receipt_is_for_the_author_alone(string to, bool expected) =>
        Assert.Equal(expected, MailReaderTests.Read($"From: bob@peer.test\r\nDisposition-Notification-To: {to}\r\n\r\nHi").AsksReceipt);
}
