using System.Text;
using CsCheck;
using Smxp.Mail.Smtp.Authentication;
using Smxp.Mail.Smtp.Tests.Session;

namespace Smxp.Mail.Smtp.Tests.Authentication;

/// <summary>AUTH (RFC 4954) on submission listeners: listener 0 has STARTTLS, 1 implicit TLS, 2 lets people sign in in clear.</summary>
public sealed class AuthTests : IDisposable
{
    private static readonly string Plain = Encode("\0alice\0sesame");

    private readonly CertificateFiles _certificate = new("mx.example.test");

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Lets_nobody_sign_in_or_send_without_TLS()
    {
        await using var fixture = await StartAsync();
        using var client = await fixture.ConnectAsync();
        Assert.DoesNotContain("AUTH", await client.SayAsync("EHLO client.test"), StringComparison.Ordinal);
        Assert.StartsWith("538 5.7.11", await client.SayAsync($"AUTH PLAIN {Plain}"), StringComparison.Ordinal);
        Assert.StartsWith("530 5.7.0", await client.SayAsync("MAIL FROM:<alice@example.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signs_in_after_STARTTLS_and_sends()
    {
        await using var fixture = await StartAsync();
        using var client = await fixture.ConnectAsync();
        await client.SayAsync("EHLO client.test");
        await client.SayAsync("STARTTLS");
        await client.EncryptAsync();
        string hello = await client.SayAsync("EHLO client.test");
        Assert.Contains("AUTH PLAIN LOGIN", hello, StringComparison.Ordinal);
        Assert.Contains("REQUIRETLS", hello, StringComparison.Ordinal);
        Assert.StartsWith("530 5.7.0", await client.SayAsync("MAIL FROM:<alice@example.test>"), StringComparison.Ordinal);
        Assert.StartsWith("235 2.7.0", await client.SayAsync($"AUTH PLAIN {Plain}"), StringComparison.Ordinal);
        Assert.StartsWith("503", await client.SayAsync($"AUTH PLAIN {Plain}"), StringComparison.Ordinal);
        Assert.DoesNotContain("AUTH", await client.SayAsync("EHLO client.test"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("MAIL FROM:<alice@example.test> AUTH=alice+40example.test REQUIRETLS"), StringComparison.Ordinal);
        Assert.StartsWith("503", await client.SayAsync("AUTH LOGIN"), StringComparison.Ordinal);
        await client.SayAsync("RCPT TO:<carol@example.test>");
        await client.SayAsync("DATA");
        Assert.StartsWith("250", await client.SayAsync("."), StringComparison.Ordinal);
        var transaction = fixture.Application.Mails.Single().Transaction;
        Assert.Equal((SmtpListenerKind.Submission, "alice@example.test", "ESMTPSA", true), (transaction.Kind, transaction.Identity, transaction.Protocol, transaction.RequireTls));
    }

    [Fact]
    public async Task Asks_for_what_was_not_said_at_once()
    {
        await using var fixture = await StartAsync();
        using var plain = await ConnectAsync(fixture);
        Assert.Equal("334 ", await plain.SayAsync("AUTH PLAIN"));
        Assert.StartsWith("235", await plain.SayAsync(Plain), StringComparison.Ordinal);
        using var login = await ConnectAsync(fixture);
        Assert.Equal($"334 {Encode("Username:")}", await login.SayAsync("AUTH LOGIN"));
        Assert.Equal($"334 {Encode("Password:")}", await login.SayAsync(Encode("alice")));
        Assert.StartsWith("235", await login.SayAsync(Encode("sesame")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_the_name_with_the_command()
    {
        await using var fixture = await StartAsync();
        using var client = await ConnectAsync(fixture);
        Assert.StartsWith("334", await client.SayAsync($"auth login {Encode("alice")}"), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.SayAsync(Encode("sesame")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AUTH", "501")]
    [InlineData("AUTH PLAIN a b", "501")]
    [InlineData("AUTH CRAM-MD5", "504 5.5.4")]
    [InlineData("AUTH PLAIN !", "501 5.5.2")]
    [InlineData("AUTH PLAIN =", "535 5.7.8")]
    [InlineData("AUTH PLAIN YWxpY2U=", "535 5.7.8")]
    [InlineData("AUTH PLAIN\r\n*", "334 |501 5.7.0")]
    [InlineData("AUTH LOGIN\r\n*", "334 |501 5.7.0")]
    [InlineData("AUTH PLAIN\r\nYW Jj", "334 |501 5.5.2")]
    [InlineData("AUTH LOGIN =\r\nc2VzYW1l", "334 |535 5.7.8")]
    public async Task Refuses(string commands, string codes)
    {
        await using var fixture = await StartAsync();
        using var client = await ConnectAsync(fixture);
        foreach (var (command, code) in commands.Split("\r\n").Zip(codes.Split('|'))) Assert.StartsWith(code, await client.SayAsync(command), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("NOOP"), StringComparison.Ordinal);
        Assert.StartsWith("530", await client.SayAsync("MAIL FROM:<alice@example.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_an_identity_that_is_not_the_user()
    {
        await using var fixture = await StartAsync();
        using var client = await ConnectAsync(fixture);
        Assert.StartsWith("535", await client.SayAsync($"AUTH PLAIN {Encode("carol\0alice\0sesame")}"), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.SayAsync($"AUTH PLAIN {Encode("alice\0alice\0sesame")}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_the_session_of_who_guesses_and_logs_no_secret()
    {
        await using var fixture = await StartAsync();
        using var client = await ConnectAsync(fixture);
        for (int i = 0; i < 2; i++) Assert.StartsWith("535", await client.SayAsync($"AUTH PLAIN {Encode("\0alice\0guessed-wrong")}"), StringComparison.Ordinal);
        Assert.StartsWith("421 4.7.0", await client.SayAsync($"AUTH PLAIN {Encode("\0alice\0guessed-wrong")}"), StringComparison.Ordinal);
        Assert.Equal("", await client.ReplyAsync());
        using var other = await ConnectAsync(fixture);
        Assert.StartsWith("454 4.7.0", await other.SayAsync($"AUTH PLAIN {Encode("\0broken\0guessed-wrong")}"), StringComparison.Ordinal);
        Assert.Contains(fixture.Log.Lines, static line => line.Contains("The directory is down.", StringComparison.Ordinal));
        Assert.DoesNotContain(fixture.Log.Lines, static line => line.Contains("guessed", StringComparison.Ordinal) || line.Contains("Z3Vlc3N", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Takes_no_commands_sent_ahead_for_responses()
    {
        await using var fixture = await StartAsync();
        using var client = await ConnectAsync(fixture);
        await client.SendAsync($"AUTH PLAIN\r\n{Plain}\r\n");
        Assert.StartsWith("521", await client.ReplyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lets_people_sign_in_in_clear_where_it_was_told_to()
    {
        await using var fixture = await StartAsync();
        using var client = await fixture.ConnectAsync(2);
        Assert.Contains("AUTH PLAIN LOGIN", await client.SayAsync("EHLO client.test"), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.SayAsync($"AUTH PLAIN {Plain}"), StringComparison.Ordinal);
        await client.BeginDataAsync();
        await client.SayAsync(".");
        Assert.Equal("ESMTPA", fixture.Application.Mails.Single().Transaction.Protocol);
        // RFC 3207 §4.2: what was said in clear does not count under TLS.
        await client.SayAsync("STARTTLS");
        await client.EncryptAsync();
        await client.SayAsync("EHLO client.test");
        Assert.StartsWith("530", await client.SayAsync("MAIL FROM:<alice@example.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public void Responses_never_throw() =>
        Gen.Byte.Array[0, 40].Sample(static bytes =>
        {
            _ = SaslResponse.TryDecode(bytes, out _);
            _ = SaslResponse.TryParsePlain(bytes, out _, out _);
            Assert.True(SaslResponse.TryDecode(Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes)), out byte[]? decoded));
            Assert.Equal(bytes, decoded);
        });

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static async Task<SmtpConversation> ConnectAsync(SmtpFixture fixture)
    {
        var client = await fixture.OpenAsync(1);
        await client.EncryptAsync();
        Assert.StartsWith("220", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync("EHLO client.test"), StringComparison.Ordinal);
        return client;
    }

    private Task<SmtpFixture> StartAsync()
    {
        var listener = SmtpFixture.Listener with { Kind = SmtpListenerKind.Submission };
        return SmtpFixture.StartAsync(options => options with
        {
            Listeners = [listener, listener with { ImplicitTls = true }, listener with { AllowPlaintextAuthentication = true }],
            Certificate = _certificate.Source,
        });
    }
}
