using System.Text;
using CsCheck;
using Smxp.Mail.Smtp.Commands;

namespace Smxp.Mail.Smtp.Tests.Commands;

public sealed class SmtpCommandTests
{
    private static readonly string[] Words =
    [
        "EHLO", "HELO", "MAIL", "RCPT", "DATA", "BDAT", "AUTH", "XCLIENT", "STARTTLS", "VRFY", " ", " ", " ", "FROM:", "TO:", "<>", "<a@b>", "<", ">", "SIZE=", "99999999999999999999", "BODY=", "BINARYMIME",
        "RET=", "HDRS", "ENVID=", "NOTIFY=", "NEVER", ",", "ORCPT=rfc822;", "+2B", "+", "=", "AUTH=", "REQUIRETLS", "SMTPUTF8", "LAST", "PLAIN", "ADDR=1.2.3.4", "é", "\0",
    ];

    [Fact]
    public void Understands_or_refuses_every_line() =>
        Gen.OneOf(Gen.OneOf(Words).Select(static word => Encoding.UTF8.GetBytes(word)), Gen.Byte.Array[0, 4]).Array[0, 12].Select(static parts => parts.SelectMany(static part => part).ToArray())
            .Sample(static line => Assert.NotNull(SmtpCommand.Parse(line)), iter: 50_000);

    [Fact]
    public void Reads_the_parameters_of_MAIL()
    {
        var mail = Assert.IsType<MailCommand>(SmtpCommand.Parse("MAIL FROM:<a@b.test> requiretls BODY=binarymime ENVID=x+2By AUTH=<> SMTPUTF8 SIZE=5 RET=FULL"u8));
        Assert.Equal((5L, BodyType.BinaryMime, "x+y"), (mail.Parameters.Size, mail.Parameters.Body, mail.Parameters.EnvelopeId));
        Assert.True(mail.Parameters is { RequireTls: true, International: true, NamesAuthor: true });
    }

    [Theory]
    [InlineData("BDAT 0", 0, false)]
    [InlineData("BDAT 86 LAST", 86, true)]
    [InlineData("bdat 99999999999999999999 last", long.MaxValue, true)]
    public void Reads_BDAT(string line, long length, bool last)
    {
        var command = Assert.IsType<BdatCommand>(SmtpCommand.Parse(Encoding.ASCII.GetBytes(line)));
        Assert.Equal((length, last), (command.Length, command.Last));
    }
}
