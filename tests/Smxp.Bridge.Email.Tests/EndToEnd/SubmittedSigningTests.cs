using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Smxp.Mail.Authentication;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Testing.Dns;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>DKIM on mail that a mail program wrote: its octets leave as they are, and the signature over them verifies.</summary>
public sealed class SubmittedSigningTests : IDisposable
{
    private const string Alice = "alice@example.test";

    private readonly TestDnsServer _dns = new(new TestZone { TimeToLive = 0 });

    public void Dispose() => _dns.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mail_that_is_handed_in_is_signed_by_its_authors_domain(bool takesEightBits)
    {
        await using var server = await SubmissionServer.StartAsync(settings => settings.With("Smxp:Dns:1:Driver", "system").With("Smxp:Dns:1:Servers:0", _dns.Address), "alice");
        using var admin = server.Server.NewAdminClient();
        var keys = (await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/bridge/email/dkim/example.test"))!["keys"]!.AsArray();
        foreach (var record in keys[^1]!["records"]!.AsArray()) _dns.Zone.Text((string)record!["name"]!, [.. record["strings"]!.AsArray().Select(static text => (string)text!)]);

        await server.SendAsync(Alice, SubmissionServer.Mail(Alice, "dora@mail.test"));
        await VerifyAsync(await server.Outside.NextAsync());

        // Eight bits, and a line too long: encoded before it is signed, so that no server on the way has to do it afterwards.
        server.Outside.TakesEightBits = takesEightBits;
        string text = $"Gr\u00fc\u00dfe {new string('x', 2000)}";
        string written = $"From: {Alice}\r\nSubject: Gr\u00fc\u00dfe\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n{text}\r\n.";
        Assert.StartsWith("250", (await server.TalkAsync(Alice, $"MAIL FROM:<{Alice}> BODY=8BITMIME", "RCPT TO:<dora@mail.test>", "DATA", written))[^1], StringComparison.Ordinal);
        var mail = await server.Outside.NextAsync();
        await VerifyAsync(mail);
        Assert.True(mail.Bytes.All(static octet => octet < 128));
        Assert.All(Encoding.ASCII.GetString(mail.Bytes).Split("\r\n"), static line => Assert.InRange(line.Length, 0, 998));
        Assert.Equal(text, mail.Message.TextBody!.Trim());
    }

    private async Task VerifyAsync(OutsideMail mail)
    {
        Assert.StartsWith("DKIM-Signature:", Encoding.ASCII.GetString(mail.Bytes), StringComparison.Ordinal);
        var authenticator = new MailAuthenticator(new ZoneDns(_dns.Zone), new AuthenticationOptions { AuthservId = "outside.test" }, TimeProvider.System);
        var found = await authenticator.EvaluateAsync(
            new AuthenticationRequest { Client = IPAddress.Loopback, Helo = "gw.example.test", MailFrom = mail.Sender, HeaderFrom = [Alice], OpenMessage = _ => new ValueTask<Stream>(new MemoryStream(mail.Bytes)) },
            CancellationToken.None);
        Assert.Equal(2, found.Dkim.Count);
        Assert.All(found.Dkim, static verdict => Assert.Equal((DkimResult.Pass, "example.test"), (verdict.Result, verdict.Domain)));
    }
}
