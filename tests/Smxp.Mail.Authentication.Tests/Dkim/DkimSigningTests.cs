using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Smxp.Mail.Authentication.Dkim;

namespace Smxp.Mail.Authentication.Tests.Dkim;

public sealed class DkimSigningTests : IDisposable
{
    private const string Message = "From: a@example.com\nTo: b@example.net\nSubject:  Hello \tthere\nX-Other: unsigned\nDate: Fri, 11 Jul 2003 21:00:37 -0700\n\nA  line \n\nand another\n\n\n";

    private readonly DkimKey _rsa = DkimKey.Generate(DkimAlgorithm.RsaSha256);
    private readonly DkimKey _ed25519 = DkimKey.Generate(DkimAlgorithm.Ed25519Sha256);

    public void Dispose()
    {
        _rsa.Dispose();
        _ed25519.Dispose();
    }

    [Fact]
    public async Task What_it_signs_we_verify_until_a_From_is_put_in()
    {
        byte[] signed = await SignAsync(Message);
        var found = await Zone().EvaluateAsync(signed);
        Assert.Equal(["rsa-sha256", "ed25519-sha256"], found.Dkim.Select(static signature => signature.Algorithm));
        Assert.All(found.Dkim, static signature => Assert.Equal((DkimResult.Pass, null), (signature.Result, signature.Reason)));

        byte[] second = [.. Encoding.ASCII.GetBytes("From: ceo@bank.example\r\n"), .. signed];
        Assert.All((await Zone().EvaluateAsync(second)).Dkim, static signature => Assert.Equal(DkimResult.Fail, signature.Result));
        byte[] subject = AuthenticatorRun.Bytes(Encoding.UTF8.GetString(signed).Replace("there", "where", StringComparison.Ordinal));
        Assert.All((await Zone().EvaluateAsync(subject)).Dkim, static signature => Assert.Equal(DkimResult.Fail, signature.Result));
        byte[] other = AuthenticatorRun.Bytes(Encoding.UTF8.GetString(signed).Replace("unsigned", "changed", StringComparison.Ordinal));
        Assert.All((await Zone().EvaluateAsync(other)).Dkim, static signature => Assert.Equal(DkimResult.Pass, signature.Result));
    }

    [Fact]
    public async Task What_it_signs_MimeKit_verifies()
    {
        var message = await MimeMessage.LoadAsync(new MemoryStream(await SignAsync(Message)));
        var verifier = new MimeKit.Cryptography.DkimVerifier(new Locator(_rsa, _ed25519));
        var signatures = message.Headers.Where(static header => header.Id == HeaderId.DkimSignature).ToArray();
        Assert.Equal(2, signatures.Length);
        foreach (var signature in signatures) Assert.True(await verifier.VerifyAsync(message, signature));
    }

    [Theory]
    [InlineData(DkimCanonicalizationAlgorithm.Simple, DkimCanonicalizationAlgorithm.Simple)]
    [InlineData(DkimCanonicalizationAlgorithm.Relaxed, DkimCanonicalizationAlgorithm.Simple)]
    [InlineData(DkimCanonicalizationAlgorithm.Simple, DkimCanonicalizationAlgorithm.Relaxed)]
    [InlineData(DkimCanonicalizationAlgorithm.Relaxed, DkimCanonicalizationAlgorithm.Relaxed)]
    public async Task What_MimeKit_signs_we_verify(DkimCanonicalizationAlgorithm header, DkimCanonicalizationAlgorithm body)
    {
        foreach (var (selector, key) in new[] { ("rsa", _rsa), ("ed", _ed25519) })
        {
            var message = await MimeMessage.LoadAsync(new MemoryStream(AuthenticatorRun.Bytes(Message)));
            var signer = new MimeKit.Cryptography.DkimSigner(PrivateKeyOf(key), "example.com", selector, key == _rsa ? DkimSignatureAlgorithm.RsaSha256 : DkimSignatureAlgorithm.Ed25519Sha256)
            {
                HeaderCanonicalizationAlgorithm = header,
                BodyCanonicalizationAlgorithm = body,
            };
            signer.Sign(message, [HeaderId.From, HeaderId.To, HeaderId.Subject]);
            var written = new MemoryStream();
            var format = FormatOptions.Default.Clone();
            format.NewLineFormat = NewLineFormat.Dos;
            await message.WriteToAsync(format, written);
            var found = await Zone().EvaluateAsync(written.ToArray());
            Assert.Equal([(DkimResult.Pass, (string?)null)], found.Dkim.Select(static signature => (signature.Result, signature.Reason)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n\n")]
    [InlineData("  \n\t\n")]
    [InlineData("no line end")]
    [InlineData("trailing  ")]
    [InlineData("a\rb\nc \r d\n")]
    [InlineData(" leading\n\n\nmiddle\n ")]
    public async Task Bodies_of_every_shape(string body)
    {
        string text = "From: a@example.com\r\n\r\n" + body.Replace("\n", "\r\n", StringComparison.Ordinal);
        var found = await Zone().EvaluateAsync(await SignAsync(Encoding.ASCII.GetBytes(text)));
        Assert.All(found.Dkim, static signature => Assert.Equal((DkimResult.Pass, null), (signature.Result, signature.Reason)));
    }

    [Fact]
    public async Task Lines_stay_short()
    {
        string header = Encoding.ASCII.GetString(await SignAsync(Message)).Split("\r\nFrom:")[0];
        Assert.All(header.Split("\r\n"), static line => Assert.InRange(line.Length, 1, 78));
    }

    [Fact]
    public async Task Without_From_there_is_no_signature() => await Assert.ThrowsAsync<InvalidDataException>(() => SignAsync("To: b@example.net\n\nx\n"));

    [Fact]
    public void Keys_go_through_pem_and_into_dns_strings()
    {
        foreach (var key in new[] { _rsa, _ed25519 })
        {
            Assert.True(DkimKey.TryImport(key.ExportPem(), out var again));
            Assert.Equal((key.Algorithm, key.DnsRecord), (again.Algorithm, again.DnsRecord));
            Assert.All(key.DnsStrings, static part => Assert.InRange(part.Length, 1, 255));
            Assert.Equal(key.DnsRecord, string.Concat(key.DnsStrings));
        }

        Assert.Equal(2, _rsa.DnsStrings.Count);
        // RFC 8463 appendix A.1 and A.2.
        Assert.True(DkimKey.TryImport("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=", out var raw));
        Assert.Equal("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", raw.DnsRecord);
        using var pkcs1 = RSA.Create(2048);
        Assert.True(DkimKey.TryImport(pkcs1.ExportRSAPrivateKeyPem(), out _));
    }

    [Fact]
    public void What_is_no_private_key_is_refused()
    {
        using var weak = RSA.Create(512);
        using var rsa = RSA.Create(1024);
        Assert.All(["", "x", "nWGxne", weak.ExportPkcs8PrivateKeyPem(), rsa.ExportSubjectPublicKeyInfoPem(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"], static text => Assert.False(DkimKey.TryImport(text, out _)));
    }

    private Zone Zone() => new() { ["rsa._domainkey.example.com"] = [$"TXT {_rsa.DnsRecord}"], ["ed._domainkey.example.com"] = [$"TXT {_ed25519.DnsRecord}"] };

    private Task<byte[]> SignAsync(string text) => SignAsync(AuthenticatorRun.Bytes(text));

    private async Task<byte[]> SignAsync(byte[] message)
    {
        var signer = new Authentication.Dkim.DkimSigner("example.com", [new("rsa", _rsa), new("ed", _ed25519)], new FakeTimeProvider(AuthenticatorRun.Now));
        var fields = await signer.SignAsync(new MemoryStream(message), CancellationToken.None);
        return [.. Encoding.ASCII.GetBytes(string.Concat(fields.Select(static field => field + "\r\n"))), .. message];
    }

    private static AsymmetricKeyParameter PrivateKeyOf(DkimKey key)
    {
        using var reader = new StringReader(key.ExportPem());
        return (AsymmetricKeyParameter)new Org.BouncyCastle.OpenSsl.PemReader(reader).ReadObject();
    }

    private sealed class Locator(DkimKey rsa, DkimKey ed25519) : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            GetPublicKey((selector == "rsa" ? rsa : ed25519).DnsRecord);

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}
