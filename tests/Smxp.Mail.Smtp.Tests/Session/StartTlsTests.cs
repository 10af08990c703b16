using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Smxp.Mail.Smtp.Tls;

namespace Smxp.Mail.Smtp.Tests.Session;

public sealed class StartTlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("smtp-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Goes_on_encrypted_and_forgets_what_was_said()
    {
        await using var fixture = await SmtpFixture.StartAsync(options => options with { Certificate = Certificate("first.test") });
        using var client = await fixture.ConnectAsync();
        Assert.Contains("STARTTLS", await client.SayAsync("EHLO client.test"), StringComparison.Ordinal);
        Assert.StartsWith("220", await client.SayAsync("STARTTLS"), StringComparison.Ordinal);
        await EncryptAsync(client);
        Assert.StartsWith("503", await client.SayAsync("MAIL FROM:<bob@peer.test>"), StringComparison.Ordinal);
        Assert.DoesNotContain("STARTTLS", await client.SayAsync("EHLO client.test"), StringComparison.Ordinal);
        await client.BeginDataAsync();
        Assert.StartsWith("250", await client.SayAsync("Hi\r\n."), StringComparison.Ordinal);
        Assert.Equal("ESMTPS", fixture.Application.Mails.Single().Transaction.Protocol);
    }

    [Fact]
    public async Task Drops_commands_injected_before_the_handshake()
    {
        await using var fixture = await SmtpFixture.StartAsync(options => options with { Certificate = Certificate("first.test") });
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("EHLO client.test");
        await client.SendAsync("STARTTLS\r\nEHLO attacker.test\r\nMAIL FROM:<attacker@peer.test>\r\n");
        Assert.StartsWith("220", await client.ReplyAsync(), StringComparison.Ordinal);
        await EncryptAsync(client);
        // Had the injected EHLO and MAIL counted, this would be the reply to one of them, or RCPT would be welcome.
        Assert.StartsWith("503 5.5.1 Say MAIL first", await client.SayAsync("RCPT TO:<alice@example.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uses_a_renewed_certificate_at_the_next_handshake()
    {
        await using var fixture = await SmtpFixture.StartAsync(options => options with { Certificate = Certificate("first.test") });
        Assert.Equal("CN=first.test", await SubjectAsync(fixture));
        WriteCertificate("second.test", DateTime.UtcNow.AddMinutes(1));
        Assert.Equal("CN=second.test", await SubjectAsync(fixture));
        File.WriteAllText(Path.Combine(_folder.FullName, "key.pem"), "half a key");
        Assert.Equal("CN=second.test", await SubjectAsync(fixture));
    }

    private static async Task<string> SubjectAsync(SmtpFixture fixture)
    {
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("STARTTLS");
        return (await EncryptAsync(client)).RemoteCertificate!.Subject;
    }

    private static async Task<SslStream> EncryptAsync(SmtpConversation client)
    {
        var tls = new SslStream(client.Stream);
#pragma warning disable CA5359 // The certificate is the test's own.
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mx.example.test", RemoteCertificateValidationCallback = static (_, _, _, _) => true });
#pragma warning restore CA5359
        client.Stream = tls;
        return tls;
    }

    private PemCertificate Certificate(string name)
    {
        WriteCertificate(name, DateTime.UtcNow);
        return new PemCertificate(Path.Combine(_folder.FullName, "certificate.pem"), Path.Combine(_folder.FullName, "key.pem"), NullLogger.Instance);
    }

    private void WriteCertificate(string name, DateTime written)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        foreach (var (file, text) in new[] { ("certificate.pem", certificate.ExportCertificatePem()), ("key.pem", key.ExportPkcs8PrivateKeyPem()) })
        {
            string path = Path.Combine(_folder.FullName, file);
            File.WriteAllText(path, text);
            File.SetLastWriteTimeUtc(path, written);
        }
    }
}
