using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Mail out through a smart host that wants a name and a password: these go over TLS, to the server whose certificate a named authority vouches for, and nowhere else.</summary>
public sealed class SmartHostTests : IDisposable
{
    private const string User = "gateway";
    private const string Password = "s3cret of the gateway";

    private readonly TemporaryDirectory _folder = new();
    private readonly PrivateAuthority _authority = new();

    public SmartHostTests() => _authority.Export(Authorities);

    private string Authorities => _folder["authorities.pem"];

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("smtps")]
    [InlineData("smtp")]
    public async Task Signs_in_over_TLS_and_hands_over(string scheme)
    {
        await using var host = NewHost(implicitTls: scheme == "smtps");
        var result = await SendAsync(scheme, host.Port);
        Assert.Equal("sent", result.Status);
        var mail = await host.NextAsync();
        Assert.Equal((true, User, "alice@example.test"), (mail.Encrypted, mail.User, mail.Sender));
        Assert.Equal("Is anybody there?", mail.Message.TextBody!.Trim());
    }

    [Theory]
    [InlineData("smtps")]
    [InlineData("smtp")]
    public async Task A_certificate_of_another_authority_gets_neither_mail_nor_password(string scheme)
    {
        using var stranger = new PrivateAuthority();
        await using var host = NewHost(implicitTls: scheme == "smtps", authority: stranger);
        var result = await SendAsync(scheme, host.Port);
        Assert.Equal("queued", result.Status);
        Assert.Contains("certificate", result.Error, StringComparison.OrdinalIgnoreCase);
        AssertNothingSaid(host);
    }

    [Fact]
    public async Task A_certificate_for_another_name_gets_neither_mail_nor_password()
    {
        await using var host = NewHost(implicitTls: true, name: "elsewhere.test");
        // The certificate holds the loopback address too, but not this name of it.
        var result = await SendAsync("smtps", host.Port, "localhost");
        Assert.Equal("queued", result.Status);
        AssertNothingSaid(host);
    }

    [Fact]
    public async Task Without_STARTTLS_the_password_stays_here_and_the_mail_waits()
    {
        await using var host = new OutsideServer { Account = (User, Password) };
        var result = await SendAsync("smtp", host.Port);
        Assert.Equal("queued", result.Status);
        Assert.Contains("does not offer TLS", result.Error, StringComparison.Ordinal);
        AssertNothingSaid(host);
    }

    [Fact]
    public async Task A_host_that_knows_no_AUTH_keeps_the_mail_waiting_and_says_so()
    {
        await using var host = new OutsideServer { Certificate = NewCertificate(_authority, "localhost"), ImplicitTls = true };
        var result = await SendAsync("smtps", host.Port);
        Assert.Equal("queued", result.Status);
        Assert.DoesNotContain("SMTPUTF8", result.Error, StringComparison.Ordinal);
        Assert.Contains("offers no way to sign in", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_wrong_password_is_told_in_clear_words_and_never_written_down()
    {
        await using var host = NewHost(implicitTls: true);
        var settings = new TestServerSettings { DataDirectory = _folder["data"] };
        Directory.CreateDirectory(settings.DataDirectory);
        Configure(settings, "smtps", host.Port, "127.0.0.1", "wr0ng-passw0rd");
        settings.With("Logging:LogLevel:Default", "Trace").With("Logging:LogLevel:Microsoft.AspNetCore", "Information");
        await using var server = await TestServerProcess.StartAsync(settings);
        using var alice = await SignInNewAsync(server);

        var result = await SendAsync(alice);
        Assert.Contains($"AUTH {User} wr0ng-passw0rd", host.Heard);
        Assert.Equal("queued", result.Status);
        Assert.Contains("did not take this server's user name and password", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("535 5.7.8 Authentication credentials invalid", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", result.Error, StringComparison.Ordinal);
        Assert.False(host.HasMail);

        await Eventually.TrueAsync(() => server.Output.Contains("did not take this server's user name and password", StringComparison.Ordinal));
        Assert.DoesNotContain("wr0ng", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("wr0ng-passw0rd"u8)[..16], server.Output, StringComparison.Ordinal);
    }

    private OutsideServer NewHost(bool implicitTls, PrivateAuthority? authority = null, string name = "localhost") =>
        new() { Certificate = NewCertificate(authority ?? _authority, name), ImplicitTls = implicitTls, Account = (User, Password) };

    private X509Certificate2 NewCertificate(PrivateAuthority authority, string name)
    {
        string certificate = _folder["host.pem"], key = _folder["host.key"];
        authority.Issue(name, certificate, key);
        return X509Certificate2.CreateFromPemFile(certificate, key);
    }

    private void Configure(TestServerSettings settings, string scheme, int port, string host, string password) => settings
        .With("Smxp:Bridge:Email:Enabled", "true")
        .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{FreePort.Next()}")
        .With("Smxp:Bridge:Email:Outbound:SmartHost", $"{scheme}://{User}:{Uri.EscapeDataString(password)}@{host}:{port}")
        .With("Smxp:Bridge:Email:Outbound:TrustedAuthorities", Authorities)
        .With("Smxp:Federation:FirstAttemptMilliseconds", "20000");

    private async Task<(string? Status, string? Error)> SendAsync(string scheme, int port, string host = "127.0.0.1")
    {
        await using var server = await TestServer.StartAsync(settings => Configure(settings, scheme, port, host, Password));
        using var alice = await server.SignInNewAsync("alice@example.test");
        return await SendAsync(alice);
    }

    private static async Task<(string? Status, string? Error)> SendAsync(HttpClient alice)
    {
        using var answer = await alice.PostAsJsonAsync("/.smxp/mail/send", new { to = "bob@mail.test", subject = "Hello", body = "Is anybody there?" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var row = (await alice.GetFromJsonAsync<JsonObject>("/.smxp/mail/sent"))!["messages"]![0]!;
        return ((string?)row["status"], (string?)row["error"]);
    }

    private static async Task<HttpClient> SignInNewAsync(TestServerProcess server)
    {
        using var admin = new HttpClient { BaseAddress = server.Http.BaseAddress };
        admin.DefaultRequestHeaders.Authorization = new("Bearer", TestServer.AdminSecret);
        (await admin.PostAsJsonAsync("/.smxp/admin/domains", new { domain = "example.test" })).EnsureSuccessStatusCode();
        (await admin.PostAsJsonAsync("/.smxp/admin/addresses", new { domain = "example.test", alias = "alice", password = "correct horse battery" })).EnsureSuccessStatusCode();
        using var login = await server.Http.PostAsJsonAsync("/.smxp/auth/login", new { alias = "alice", domain = "example.test", password = "correct horse battery" });
        var client = new HttpClient { BaseAddress = server.Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", (string?)(await login.Content.ReadFromJsonAsync<JsonObject>())!["token"]);
        return client;
    }

    private static void AssertNothingSaid(OutsideServer host)
    {
        Assert.False(host.HasMail);
        Assert.DoesNotContain(host.Heard, static line => line.StartsWith("AUTH", StringComparison.Ordinal) || line.StartsWith("MAIL", StringComparison.Ordinal));
    }
}
