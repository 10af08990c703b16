using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MailKit.Net.Smtp;
using MimeKit;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>The real host with the real plugin: mail in by SMTP, a message by the API, an answer out to an SMTP sink.</summary>
public sealed class BridgeTests : IAsyncLifetime
{
    private const string FirstMail = "From: Bob <bob@mail.test>\r\nTo: alice@example.test\r\nSubject: Lunch\r\nMessage-ID: <first@mail.test>\r\nReferences: <root@mail.test>\r\n\r\nAre you free?\r\n";

    private readonly MailSink _sink = MailSink.Start();
    private readonly int _port = FreePort.Next();
    private TestServer _server = null!;
    private HttpClient _alice = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{_port}")
            .With("Smxp:Bridge:Email:Outbound:SmartHost", $"smtp://127.0.0.1:{_sink.Port}"));
        _alice = await _server.SignInNewAsync("alice@example.test");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task Carries_a_mail_in_and_the_answer_out_in_one_thread()
    {
        await DeliverAsync(FirstMail);
        var received = Assert.Single((await _alice.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray())!;
        Assert.Equal(("bob@mail.test", "Bob", "Lunch", "Are you free?", "email"), ((string?)received["from"], (string?)received["name"], (string?)received["subject"], (string?)received["body"], (string?)received["transport"]));

        await _alice.PostAsJsonAsync("/.smxp/mail/send", new { to = "bob@mail.test", body = "Yes, at noon", conversation_id = (string?)received["conversation_id"] });
        var answer = await _sink.NextAsync();
        Assert.Equal(("first@mail.test", "Re: Lunch", "alice@example.test"), (answer.InReplyTo, answer.Subject, answer.From.Mailboxes.Single().Address));
        Assert.Equal(["root@mail.test", "first@mail.test"], answer.References);
        Assert.Equal("Yes, at noon", answer.TextBody!.Trim());

        await DeliverAsync($"From: bob@mail.test\r\nMessage-ID: <second@mail.test>\r\nIn-Reply-To: <{answer.MessageId}>\r\n\r\nSee you.\r\n");
        var inbox = (await _alice.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray();
        Assert.Single(inbox.Select(static row => (string?)row!["conversation_id"]).Distinct());
        Assert.Equal(answer.MessageId, $"{(string?)inbox[0]!["in_reply_to"]}@example.test");
    }

    [Fact]
    public async Task Keeps_the_original_byte_for_byte_and_stores_a_repeat_once()
    {
        foreach (string mail in new[] { FirstMail, $"{FirstMail.Replace("first@", "large@", StringComparison.Ordinal)}{string.Concat(Enumerable.Repeat("Filling, and more of it.\r\n", 12_000))}" })
        {
            await DeliverAsync(mail);
            await DeliverAsync(mail);
        }

        var inbox = (await _alice.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray();
        Assert.Equal(2, inbox.Count);
        var original = await _alice.GetAsync(new Uri($"/.smxp/bridge/email/messages/{(string?)inbox[1]!["id"]}/original", UriKind.Relative));
        Assert.Equal(FirstMail, await original.Content.ReadAsStringAsync());
        var large = await _alice.GetStringAsync(new Uri($"/.smxp/bridge/email/messages/{(string?)inbox[0]!["id"]}/original", UriKind.Relative));
        Assert.EndsWith("Filling, and more of it.\r\n", large, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _alice.GetAsync(new Uri("/.smxp/bridge/email/messages/none/original", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("nobody@example.test", "5.1.1")]
    [InlineData("bob@elsewhere.test", "5.7.1")]
    public async Task Refuses_whom_it_does_not_serve(string recipient, string code)
    {
        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => DeliverAsync(FirstMail, recipient));
        Assert.StartsWith(code, refusal.Message, StringComparison.Ordinal);
    }

    private async Task DeliverAsync(string mail, string recipient = "alice@example.test")
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", _port, MailKit.Security.SecureSocketOptions.None);
        using var message = await MimeMessage.LoadAsync(new MemoryStream(Encoding.UTF8.GetBytes(mail)));
        await client.SendAsync(message, new MailboxAddress("", "bob@mail.test"), [new MailboxAddress("", recipient)]);
        await client.DisconnectAsync(quit: true);
    }
}
