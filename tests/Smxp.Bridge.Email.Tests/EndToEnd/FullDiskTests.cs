using System.Text;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Mail is put off while the disk has less room than the operator wants kept.</summary>
public sealed class FullDiskTests
{
    [Theory]
    [InlineData(1L << 50, "452 4.3.1")]
    [InlineData(0, "250")]
    public async Task Puts_mail_off_where_little_is_free(long kept, string reply)
    {
        int port = FreePort.Next();
        await using var server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{port}")
            .With("Smxp:Bridge:Email:Smtp:MinFreeBytes", $"{kept}"));
        await server.AddInboxAsync("alice@example.test");
        string answer = await RawSmtp.DeliverAsync(port, Encoding.ASCII.GetBytes("From: bob@mail.test\r\n\r\nHello\r\n"), "alice@example.test", "bob@mail.test");
        Assert.StartsWith(reply, answer, StringComparison.Ordinal);
    }
}
