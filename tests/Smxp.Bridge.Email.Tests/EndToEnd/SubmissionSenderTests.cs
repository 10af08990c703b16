using System.Net.Http.Json;
using MailKit.Net.Smtp;
using MimeKit;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>As whom people may send from mail programs, and how much.</summary>
public sealed class SubmissionSenderTests : IAsyncLifetime
{
    private const string Alice = "alice@example.test";
    private const string Bob = "bob@example.test";
    private const string Boss = "boss@example.test";

    private SubmissionServer _server = null!;

    public async Task InitializeAsync() => _server = await SubmissionServer.StartAsync(
        static settings => settings.With("Smxp:Bridge:Email:Submission:RecipientsPerHour", "3").With("Smxp:Bridge:Email:Submission:MaxMessageBytes", "65536"), "alice", "bob", "boss");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("send")]
    [InlineData("manage")]
    public async Task Sends_for_who_lets_it(string scope)
    {
        await DelegateAsync(Boss, scope);
        var mail = SubmissionServer.Mail(Boss, Bob);
        mail.Sender = MailboxAddress.Parse(Alice);
        using (var client = await _server.SignInAsync(Alice)) await client.SendAsync(mail, MailboxAddress.Parse(Alice), [MailboxAddress.Parse(Bob)]);

        using var boss = await _server.OpenAsync(Boss);
        var row = Assert.Single(await SubmissionServer.RowsAsync(boss, "sent"))!;
        Assert.Equal((Boss, Alice), ((string?)row["from"], (string?)row["on_behalf_of"]));
        using var bob = await _server.OpenAsync(Bob);
        Assert.Equal(Boss, (string?)Assert.Single(await SubmissionServer.RowsAsync(bob, "inbox"))!["from"]);
        using var alice = await _server.OpenAsync(Alice);
        Assert.Empty(await SubmissionServer.RowsAsync(alice, "sent"));
    }

    [Fact]
    public async Task Says_as_whom_it_may_send()
    {
        string path = $"MAIL FROM:<{Bob}>";
        Assert.Equal($"550 5.7.1 You may send as {Alice}, and as no other", Assert.Single(await _server.TalkAsync(Alice, path)));
        await DelegateAsync(Bob, "read");
        Assert.Equal($"550 5.7.1 You may send as {Alice}, and as no other", Assert.Single(await _server.TalkAsync(Alice, path)));
        await DelegateAsync(Boss, "send");
        Assert.Equal($"550 5.7.1 You may send as {Alice}, and for those who let you: {Boss}", Assert.Single(await _server.TalkAsync(Alice, path)));
    }

    [Theory]
    [InlineData("From: bob@example.test")]
    [InlineData("From: alice@example.test, bob@example.test")]
    [InlineData("From: alice@example.test\r\nFrom: bob@example.test")]
    [InlineData("From: alice@example.test\r\nSender: bob@example.test")]
    [InlineData("From: undisclosed")]
    public async Task A_header_that_names_another_is_refused(string header)
    {
        foreach (string path in new[] { $"<{Alice}>", "<>" })
        {
            string reply = (await _server.TalkAsync(Alice, $"MAIL FROM:{path}", $"RCPT TO:<{Bob}>", "DATA", $"{header}\r\nSubject: Forged\r\n\r\nText\r\n."))[^1];
            Assert.Equal($"550 5.7.1 You may send as {Alice}, and as no other", reply);
        }

        using var bob = await _server.OpenAsync(Bob);
        Assert.Empty(await SubmissionServer.RowsAsync(bob, "inbox"));
    }

    [Fact]
    public async Task A_mail_without_an_author_is_refused_and_one_without_a_return_path_sent()
    {
        string[] envelope = ["MAIL FROM:<>", $"RCPT TO:<{Bob}>", "DATA"];
        Assert.StartsWith("554 5.6.0", (await _server.TalkAsync(Alice, [.. envelope, "Subject: Nobody's\r\n\r\nText\r\n."]))[^1], StringComparison.Ordinal);
        Assert.StartsWith("250", (await _server.TalkAsync(Alice, [.. envelope, $"From: {Alice}\r\nSubject: Read\r\n\r\nText\r\n."]))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_sends_to_more_recipients_in_an_hour_than_is_allowed()
    {
        await _server.SendAsync(Alice, SubmissionServer.Mail(Alice, Bob, Boss));
        var replies = await _server.TalkAsync(Alice, $"MAIL FROM:<{Alice}>", $"RCPT TO:<{Bob}>", $"RCPT TO:<{Boss}>");
        Assert.StartsWith("250", replies[1], StringComparison.Ordinal);
        Assert.StartsWith("450 4.7.1 You may send to 3 recipients in an hour; try again at ", replies[2], StringComparison.Ordinal);
        // Others have their own hour, and what is refused counts for nothing.
        await _server.SendAsync(Bob, SubmissionServer.Mail(Bob, Alice));
        await _server.SendAsync(Alice, SubmissionServer.Mail(Alice, Bob));
        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => _server.SendAsync(Alice, SubmissionServer.Mail(Alice, Bob)));
        Assert.StartsWith("4.7.1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_sends_larger_mails_than_is_allowed()
    {
        Assert.Equal("552 5.3.4 Your mails may have up to 65536 bytes", Assert.Single(await _server.TalkAsync(Alice, $"MAIL FROM:<{Alice}> SIZE=65537")));
        string lines = string.Concat(Enumerable.Repeat($"{new string('x', 70)}\r\n", 1000));
        var replies = await _server.TalkAsync(Alice, $"MAIL FROM:<{Alice}>", $"RCPT TO:<{Bob}>", "DATA", $"From: {Alice}\r\n\r\n{lines}.");
        Assert.Equal("552 5.3.4 Your mails may have up to 65536 bytes", replies[^1]);
    }

    private async Task DelegateAsync(string owner, string scope)
    {
        using var client = await _server.OpenAsync(owner);
        (await client.PostAsJsonAsync("/.smxp/delegations", new { @delegate = Alice, scope })).EnsureSuccessStatusCode();
    }
}
