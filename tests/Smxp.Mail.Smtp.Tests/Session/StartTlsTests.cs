using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Smxp.Mail.Smtp.Tls;

namespace Smxp.Mail.Smtp.Tests.Session;

public sealed class StartTlsTests : IDisposable
{
    private readonly CertificateFiles _certificate = new("first.test");

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Goes_on_encrypted_and_forgets_what_was_said()
    {
        await using var fixture = await SmtpFixture.StartAsync(options => options with { Certificate = _certificate.Source });
        using var client = await fixture.ConnectAsync();
        Assert.Contains("STARTTLS", await client.SayAsync("EHLO client.test"), StringComparison.Ordinal);
        Assert.StartsWith("220", await client.SayAsync("STARTTLS"), StringComparison.Ordinal);
        await client.EncryptAsync();
        Assert.StartsWith("503", await client.SayAsync("MAIL FROM:<bob@peer.test>"), StringComparison.Ordinal);
        Assert.DoesNotContain("STARTTLS", await client.SayAsync("EHLO client.test"), StringComparison.Ordinal);
        await client.BeginDataAsync();
        Assert.StartsWith("250", await client.SayAsync("Hi\r\n."), StringComparison.Ordinal);
        Assert.Equal("ESMTPS", fixture.Application.Mails.Single().Transaction.Protocol);
    }

    [Fact]
    public async Task Drops_commands_injected_before_the_handshake()
    {
        await using var fixture = await SmtpFixture.StartAsync(options => options with { Certificate = _certificate.Source });
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("EHLO client.test");
        await client.SendAsync("STARTTLS\r\nEHLO attacker.test\r\nMAIL FROM:<attacker@peer.test>\r\n");
        Assert.StartsWith("220", await client.ReplyAsync(), StringComparison.Ordinal);
        await client.EncryptAsync();
        // Had the injected EHLO and MAIL counted, this would be the reply to one of them, or RCPT would be welcome.
        Assert.StartsWith("503 5.5.1 Say MAIL first", await client.SayAsync("RCPT TO:<alice@example.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uses_a_renewed_certificate_at_the_next_handshake()
    {
        await using var fixture = await SmtpFixture.StartAsync(options => options with { Certificate = _certificate.Source });
        Assert.Equal("CN=first.test", await SubjectAsync(fixture));
        _certificate.Write("second.test", DateTime.UtcNow.AddMinutes(1));
        Assert.Equal("CN=second.test", await SubjectAsync(fixture));
        File.WriteAllText(_certificate.KeyPath, "half a key");
        Assert.Equal("CN=second.test", await SubjectAsync(fixture));
    }

    [Fact]
    public async Task A_certificate_that_is_renewed_before_its_key_harms_no_session()
    {
        await using var fixture = await SmtpFixture.StartAsync(options => options with { Certificate = _certificate.Source });
        string formerKey = File.ReadAllText(_certificate.KeyPath);
        _certificate.Write("second.test", DateTime.UtcNow.AddMinutes(1));
        string key = File.ReadAllText(_certificate.KeyPath);
        File.WriteAllText(_certificate.KeyPath, formerKey);
        Assert.Equal("CN=first.test", await SubjectAsync(fixture));
        File.WriteAllText(_certificate.KeyPath, key);
        File.SetLastWriteTimeUtc(_certificate.KeyPath, DateTime.UtcNow.AddMinutes(2));
        Assert.Equal("CN=second.test", await SubjectAsync(fixture));
        Assert.Empty(fixture.Log.Faults);
    }

    [Theory]
    [InlineData("", "has no key that belongs to the certificate in ")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n", "has no key that belongs to the certificate in ")]
    public void Says_which_file_is_wrong(string key, string problem)
    {
        File.WriteAllText(_certificate.KeyPath, key);
        var refused = Assert.Throws<CryptographicException>(() => new PemCertificate(_certificate.CertificatePath, _certificate.KeyPath, NullLogger.Instance));
        Assert.StartsWith($"{_certificate.KeyPath} {problem}{_certificate.CertificatePath}", refused.Message, StringComparison.Ordinal);
        refused = Assert.Throws<CryptographicException>(() => new PemCertificate(_certificate.KeyPath, _certificate.KeyPath, NullLogger.Instance));
        Assert.StartsWith($"{_certificate.KeyPath} has no certificate", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> SubjectAsync(SmtpFixture fixture)
    {
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("STARTTLS");
        return (await client.EncryptAsync()).RemoteCertificate!.Subject;
    }
}
