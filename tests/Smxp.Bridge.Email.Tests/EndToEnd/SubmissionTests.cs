using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>A mail program signs in and sends: the real host, the real plugin, a real client.</summary>
public sealed class SubmissionTests : IAsyncLifetime, IDisposable
{
    private const string Password = "correct horse battery staple";

    private readonly TemporaryDirectory _files = new();
    private readonly PrivateAuthority _authority = new();
    private readonly int _relay = FreePort.Next();
    private readonly int _startTls = FreePort.Next();
    private readonly int _implicitTls = FreePort.Next();
    private TestServer _server = null!;
    private HttpClient _bob = null!;

    public async Task InitializeAsync()
    {
        _authority.Issue("gw.example.test", _files["cert.pem"], _files["key.pem"]);
        _server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{_relay}")
            .With("Smxp:Bridge:Email:Smtp:XclientFrom:0", "127.0.0.1/32")
            .With("Smxp:Bridge:Email:Smtp:CertificateFile", _files["cert.pem"])
            .With("Smxp:Bridge:Email:Smtp:CertificateKeyFile", _files["key.pem"])
            .With("Smxp:Bridge:Email:Submission:Listen:0", $"127.0.0.1:{_startTls}")
            .With("Smxp:Bridge:Email:Submission:ImplicitTlsListen:0", $"127.0.0.1:{_implicitTls}"));
        _bob = await _server.SignInNewAsync("bob@example.test");
        using var admin = _server.NewAdminClient();
        (await admin.PostAsJsonAsync("/.smxp/admin/addresses", new { domain = "example.test", alias = "alice", password = Password })).EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _authority.Dispose();
        _files.Dispose();
    }

    [Theory]
    [InlineData(SecureSocketOptions.StartTls)]
    [InlineData(SecureSocketOptions.SslOnConnect)]
    public async Task Who_signs_in_sends_as_himself(SecureSocketOptions security)
    {
        using var client = await ConnectAsync(security);
        await client.AuthenticateAsync("alice@example.test", Password);
        await client.SendAsync(Mail("alice@example.test", "bob@example.test"));
        var received = Assert.Single((await _bob.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray())!;
        Assert.Equal(("alice@example.test", "Lunch", 1), ((string?)received["from"], (string?)received["subject"], (int)received["verified"]!));
    }

    [Fact]
    public async Task Nobody_sends_as_somebody_else()
    {
        using var client = await ConnectAsync(SecureSocketOptions.SslOnConnect);
        await client.AuthenticateAsync("alice@example.test", Password);
        var forgedPath = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mail("bob@example.test", "bob@example.test")));
        Assert.StartsWith("5.7.1", forgedPath.Message, StringComparison.Ordinal);
        using var forged = Mail("bob@example.test", "bob@example.test");
        var forgedHeader = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(forged, MailboxAddress.Parse("alice@example.test"), [MailboxAddress.Parse("bob@example.test")]));
        Assert.StartsWith("5.7.1", forgedHeader.Message, StringComparison.Ordinal);
        Assert.Empty((await _bob.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray());
    }

    [Fact]
    public async Task Nobody_sends_without_signing_in_or_with_a_wrong_password()
    {
        using var client = await ConnectAsync(SecureSocketOptions.SslOnConnect);
        await Assert.ThrowsAsync<ServiceNotAuthenticatedException>(() => client.SendAsync(Mail("alice@example.test", "bob@example.test")));
        await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsync("alice@example.test", "wrong"));
    }

    [Fact]
    public async Task Nobody_signs_in_where_mail_servers_come()
    {
        using var client = NewClient();
        await client.ConnectAsync("127.0.0.1", _relay, SecureSocketOptions.StartTls);
        Assert.False(client.Capabilities.HasFlag(SmtpCapabilities.Authentication));
        Assert.True(client.Capabilities.HasFlag(SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime | SmtpCapabilities.Dsn));
    }

    [Fact]
    public async Task Refuses_to_start_with_a_network_that_is_none()
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => TestServer.StartAsync(static settings => settings
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:ProxyFrom:0", "192.0.2.0/24")
            .With("Smxp:Bridge:Email:Smtp:ProxyFrom:1", "not-a-network")));
        Assert.Contains("Smxp:Bridge:Email:Smtp:ProxyFrom:1", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<SmtpClient> ConnectAsync(SecureSocketOptions security)
    {
        var client = NewClient();
        await client.ConnectAsync("127.0.0.1", security == SecureSocketOptions.StartTls ? _startTls : _implicitTls, security);
        return client;
    }

    private static SmtpClient NewClient() => new() { ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=gw.example.test" };

    private static MimeMessage Mail(string from, string to) =>
        new([MailboxAddress.Parse(from)], [MailboxAddress.Parse(to)], "Lunch", new TextPart("plain") { Text = "Are you free?" });
}
