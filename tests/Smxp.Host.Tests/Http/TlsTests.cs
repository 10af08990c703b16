using System.Net;
using System.Security.Cryptography.X509Certificates;
using Smxp.Testing;

namespace Smxp.Host.Tests.Http;

/// <summary>HTTPS is Kestrel's own configuration; a certificate file that changes is taken up without a restart.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryDirectory _files = new();
    private readonly PrivateAuthority _authority = new();

    public void Dispose()
    {
        _files.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task Serves_h2_under_a_private_authority_and_takes_up_a_new_certificate()
    {
        _authority.Issue("localhost", _files["server.pem"], _files["server.key"]);
        var port = FreePort.Next();
        await using var server = await TestServer.StartAsync(settings =>
        {
            settings.Port = port;
            settings.With("Kestrel:Endpoints:Https:Url", $"https://127.0.0.1:{port}").With("Kestrel:Endpoints:Https:Certificate:Path", _files["server.pem"]).With("Kestrel:Endpoints:Https:Certificate:KeyPath", _files["server.key"]);
        });

        var before = await AskAsync(port);
        Assert.Equal(HttpVersion.Version20, before.Version);

        _authority.Issue("localhost", _files["server.pem"], _files["server.key"]);
        await Eventually.TrueAsync(async () => await TryAskAsync(port) is { } now && now != before.Thumbprint, what: "the new certificate is served");
    }

    private async Task<(Version Version, string Thumbprint)> AskAsync(int port)
    {
        var seen = "";
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
            chain.ChainPolicy.CustomTrustStore.Add(_authority.Certificate);
            seen = ((X509Certificate2)certificate!).Thumbprint;
            return chain.Build((X509Certificate2)certificate) && ((X509Certificate2)certificate).MatchesHostname("localhost");
        };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{port}/.smxp/health") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode);
        return (answer.Version, seen);
    }

    /// <summary>Null while the listener is between two certificates.</summary>
    private async Task<string?> TryAskAsync(int port)
    {
        try
        {
            return (await AskAsync(port)).Thumbprint;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
