using System.Text;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Smxp.Mail.Authentication.Dkim;

namespace Smxp.Mail.Authentication.Tests.Arc;

/// <summary>Seals messages with MimeKit, an implementation that is not ours.</summary>
internal sealed class ArcChain : IDisposable
{
    private readonly DkimKey _key = DkimKey.Generate(DkimAlgorithm.RsaSha256);

    public void Publish(Zone zone, params string[] domains)
    {
        foreach (string domain in domains) zone[$"arc._domainkey.{domain}"] = [$"TXT {_key.DnsRecord}"];
    }

    /// <summary>Signs as the author's domain does, by DKIM.</summary>
    public Task<byte[]> SignAsync(byte[] message, string domain) =>
        ChangeAsync(message, mime =>
        {
            new MimeKit.Cryptography.DkimSigner(ReadKey(), domain, "arc").Sign(mime, [HeaderId.From, HeaderId.To, HeaderId.Subject]);
            return Task.CompletedTask;
        });

    public Task<byte[]> SealAsync(byte[] message, string domain, string results) =>
        ChangeAsync(message, async mime => await new Signer(ReadKey(), domain, results).SignAsync(mime, [HeaderId.From, HeaderId.To, HeaderId.Subject]));

    private static async Task<byte[]> ChangeAsync(byte[] message, Func<MimeMessage, Task> change)
    {
        var mime = await MimeMessage.LoadAsync(new MemoryStream(message));
        await change(mime);
        var written = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        await mime.WriteToAsync(format, written);
        return written.ToArray();
    }

    private AsymmetricKeyParameter ReadKey()
    {
        using var reader = new StringReader(_key.ExportPem());
        return (AsymmetricKeyParameter)new Org.BouncyCastle.OpenSsl.PemReader(reader).ReadObject();
    }

    public void Dispose() => _key.Dispose();

    private sealed class Signer(AsymmetricKeyParameter key, string domain, string results) : ArcSigner(key, domain, "arc")
    {
        protected override MimeKit.Cryptography.AuthenticationResults GenerateArcAuthenticationResults(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            MimeKit.Cryptography.AuthenticationResults.Parse(Encoding.ASCII.GetBytes(results));

        protected override Task<MimeKit.Cryptography.AuthenticationResults> GenerateArcAuthenticationResultsAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            Task.FromResult(GenerateArcAuthenticationResults(options, message, cancellationToken));
    }
}
