using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Smxp.Bridge.Email.Tests.Outbound;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>The real host with the real plugins, a name server that signs, and somebody else's mail server: a message by the API out to where MX and TLSA say.</summary>
public sealed class MailOutTests : IAsyncLifetime, IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly TestDnsServer _dns = new(new TestZone { Unsigned = [] });
    private readonly int _port = FreePort.Next();
    private ForeignServer _foreign = null!;
    private TestServer _server = null!;
    private HttpClient _alice = null!;

    public async Task InitializeAsync()
    {
        _foreign = new ForeignServer(_port) { Certificate = _certificates.Issue("whatever.test"), Extensions = ["PIPELINING", "DSN", "SIZE 1000000", "8BITMIME"] };
        _dns.Zone.Exchange("far.test", 10, "mx.far.test").Address("mx.far.test", "127.0.0.1");
        _server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{FreePort.Next()}")
            .With("Smxp:Bridge:Email:Outbound:Port", _port.ToString(CultureInfo.InvariantCulture))
            .With("Smxp:Bridge:Email:Outbound:AllowPrivateNetworks", "true")
            .With("Smxp:Federation:FirstAttemptMilliseconds", "20000")
            .With("Smxp:Dns:1:Driver", "system")
            .With("Smxp:Dns:1:Servers:0", _dns.Address));
        _alice = await _server.SignInNewAsync("alice@example.test");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _foreign.DisposeAsync();
    }

    public void Dispose()
    {
        _dns.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task Goes_by_mx_over_tls_that_fits_the_tlsa_record()
    {
        Tlsa(SHA256.HashData(_foreign.Certificate!.PublicKey.ExportSubjectPublicKeyInfo()));
        var sent = await SendAsync("Grüße, und ein Wort von nicht weniger als sieben Bits");
        Assert.Equal("sent", (string?)sent["status"]);
        var (text, encrypted) = Assert.Single(_foreign.Mails);
        Assert.True(encrypted);
        // Seven bits and quoted-printable, whatever the server offers, so that no signature over it ever breaks.
        Assert.True(text.All(char.IsAscii));
        Assert.Contains("Content-Transfer-Encoding: quoted-printable", text, StringComparison.Ordinal);
        Assert.Contains($"MAIL FROM:<alice@example.test> SIZE={text.Length} RET=HDRS ENVID={(string?)sent["id"]}", _foreign.Commands);
    }

    [Fact]
    public async Task Waits_rather_than_go_to_a_server_that_does_not_fit()
    {
        Tlsa(new byte[32]);
        var sent = await SendAsync("Secret");
        Assert.Equal(("queued", "mx.far.test: its certificate fits none of its TLSA records, and the server's TLSA records demand matching TLS (DANE)"), ((string?)sent["status"], (string?)sent["error"]));
        Assert.Empty(_foreign.Mails);
    }

    private void Tlsa(byte[] association) => _dns.Zone.Raw($"_{_port}._tcp.mx.far.test", 52, [3, 1, 1, .. association]);

    private async Task<JsonNode> SendAsync(string body)
    {
        var response = await _alice.PostAsJsonAsync("/.smxp/mail/send", new { to = "bob@far.test", body });
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        return answer["results"] is JsonArray results ? results[0]! : answer;
    }
}
