using System.Net;

namespace Smxp.Mail.Smtp.Tests.Session;

public sealed class ListenTests
{
    [Fact]
    public async Task A_taken_address_is_named()
    {
        await using var first = await SmtpFixture.StartAsync();
        var taken = (IPEndPoint)first.Server.Endpoints[0];
        var failure = await Assert.ThrowsAsync<IOException>(() => SmtpFixture.StartAsync(options => options with { Listeners = [new SmtpListener { EndPoint = taken }] }));
        Assert.Contains($"cannot listen on {taken}: ", failure.Message, StringComparison.Ordinal);
    }
}
