using System.Text;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.OpenSsl;
using Smxp.Mail.Authentication.Dkim;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>A mailing list that changes every mail and seals what it saw before (ARC), with an implementation that is not ours.</summary>
internal sealed class ListServer(string domain) : IDisposable
{
    private readonly DkimKey _key = DkimKey.Generate(DkimAlgorithm.RsaSha256);

    public string Domain => domain;

    public IReadOnlyList<string> KeyStrings => _key.DnsStrings;

    public async Task<string> ForwardAsync(string mail, string found)
    {
        using var pem = new StringReader(_key.ExportPem());
        var key = (AsymmetricKeyParameter)new PemReader(pem).ReadObject();
        var message = await MimeMessage.LoadAsync(new MemoryStream(Encoding.ASCII.GetBytes($"{mail}-- \r\nThe list\r\n")));
        await new Signer(key, domain, $"{domain}; {found}").SignAsync(message, [HeaderId.From, HeaderId.To, HeaderId.Subject]);
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        var written = new MemoryStream();
        await message.WriteToAsync(format, written);
        return Encoding.ASCII.GetString(written.ToArray());
    }

    public void Dispose() => _key.Dispose();

    private sealed class Signer(AsymmetricKeyParameter key, string domain, string results) : ArcSigner(key, domain, "arc")
    {
        protected override AuthenticationResults GenerateArcAuthenticationResults(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            AuthenticationResults.Parse(Encoding.ASCII.GetBytes(results));

        protected override Task<AuthenticationResults> GenerateArcAuthenticationResultsAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            Task.FromResult(GenerateArcAuthenticationResults(options, message, cancellationToken));
    }
}
