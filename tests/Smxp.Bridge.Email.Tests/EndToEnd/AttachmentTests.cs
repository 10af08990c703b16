using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MailKit.Net.Smtp;
using MimeKit;
using Smxp.Client;
using Smxp.Client.Blobs;
using Smxp.Client.Mail;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Files and forwards that leave as email: blobs are fetched, decrypted, checked and attached by name; a forwarded mail goes on as it came.</summary>
public sealed class AttachmentTests : IAsyncLifetime, IDisposable
{
    private const string Original = "From: Carol <carol@mail.test>\r\nTo: alice@example.test\r\nSubject: Figures\r\nMessage-ID: <figures@mail.test>\r\n\r\nThe figures of the year.\r\n";

    private readonly OutsideServer _outside = new();
    private readonly int _port = FreePort.Next();
    private TestServer _server = null!;
    private HttpClient _http = null!;
    private SmxpClient _alice = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{_port}")
            .With("Smxp:Bridge:Email:Outbound:SmartHost", $"smtp://127.0.0.1:{_outside.Port}")
            .With("Smxp:Federation:FirstAttemptMilliseconds", "20000"));
        string token = await _server.AddInboxAsync("alice@example.test");
        _http = _server.NewClient(token);
        _alice = new SmxpClient(_server.BaseAddress) { Token = token };
    }

    public void Dispose()
    {
        _alice.Dispose();
        _http.Dispose();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _outside.DisposeAsync();
    }

    [Theory]
    [InlineData("report.pdf", "application/pdf", 200_001)]
    [InlineData("Übersicht 2026 – „Zahlen“.txt", "text/plain", 3)]
    [InlineData("mail.eml", "message/rfc822", 500)]
    public async Task An_encrypted_file_arrives_whole_under_its_name(string name, string type, int size)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(size);
        var file = await _alice.Blobs.UploadAsync(new MemoryStream(bytes), new UploadOptions { Name = name, ContentType = type }, CancellationToken.None);
        await _alice.Mail.SendAsync(new OutgoingMessage { To = ["bob@mail.test"], Subject = "With a file", Body = "See the file.", Attachments = [file] }, CancellationToken.None);

        var mail = (await _outside.NextAsync()).Message;
        var part = Assert.IsAssignableFrom<MimePart>(Assert.Single(mail.Attachments));
        Assert.Equal((name, "See the file."), (part.FileName, mail.TextBody!.Trim()));
        Assert.Equal(bytes, Decode(part));
        Assert.Equal(type == "message/rfc822" ? "application/octet-stream" : type, part.ContentType.MimeType);
    }

    [Fact]
    public async Task A_file_as_it_stands_is_checked_and_attached_too()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(70_000);
        string id = await _alice.Blobs.CreateAsync(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), "image/png", "plan.png", CancellationToken.None);
        await _alice.Blobs.ResumeAsync(id, new MemoryStream(bytes), null, CancellationToken.None);
        await _alice.Mail.SendAsync(new OutgoingMessage { To = ["bob@mail.test"], Body = "The plan.", Attachments = [new OutgoingAttachment { BlobId = id, Name = "plan.png", ContentType = "image/png" }] }, CancellationToken.None);

        var part = Assert.IsAssignableFrom<MimePart>(Assert.Single((await _outside.NextAsync()).Message.Attachments));
        Assert.Equal("plan.png", part.FileName);
        Assert.Equal(bytes, Decode(part));
    }

    [Fact]
    public async Task A_file_that_is_not_what_the_message_says_is_not_sent()
    {
        var file = await _alice.Blobs.UploadAsync(new MemoryStream(RandomNumberGenerator.GetBytes(1000)), new UploadOptions { Name = "report.pdf" }, CancellationToken.None);
        var forged = file with { Encryption = file.Encryption! with { PlaintextSha256 = new string('0', 64) } };
        await _alice.Mail.SendAsync(new OutgoingMessage { To = ["bob@mail.test"], Body = "See the file.", Attachments = [forged] }, CancellationToken.None);

        var row = await SentRowAsync();
        Assert.Equal("failed", (string?)row["status"]);
        Assert.Contains("report.pdf", (string?)row["error"], StringComparison.Ordinal);
        Assert.False(_outside.HasMail);
    }

    [Fact]
    public async Task Bytes_that_rotted_on_disk_are_not_sent()
    {
        var file = await _alice.Blobs.UploadAsync(new MemoryStream(RandomNumberGenerator.GetBytes(1000)), new UploadOptions { Name = "report.pdf" }, CancellationToken.None);
        string path = Directory.GetFiles(_server.DataDirectory, $"*{file.BlobId}*", SearchOption.AllDirectories).Single();
        byte[] stored = await File.ReadAllBytesAsync(path);
        stored[stored.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, stored);
        await _alice.Mail.SendAsync(new OutgoingMessage { To = ["bob@mail.test"], Body = "See the file.", Attachments = [file] }, CancellationToken.None);

        Assert.Equal("failed", (string?)(await SentRowAsync())["status"]);
        Assert.False(_outside.HasMail);
    }

    [Fact]
    public async Task A_forwarded_mail_goes_on_as_it_came()
    {
        string id = await ReceiveAsync();
        await _alice.Mail.ForwardAsync(id, ["bob@mail.test"], "Fwd: Figures", null, null, CancellationToken.None);

        var mail = await _outside.NextAsync();
        Assert.Equal("Fwd: Figures", mail.Message.Subject);
        Assert.Equal("alice@example.test", mail.Message.From.Mailboxes.Single().Address);
        var inner = mail.Message.BodyParts.OfType<MessagePart>().Single();
        Assert.Equal(("carol@mail.test", "figures@mail.test", "The figures of the year."), (inner.Message!.From.Mailboxes.Single().Address, inner.Message.MessageId, inner.Message.TextBody!.Trim()));
        // Byte for byte, or its signatures would break.
        Assert.Contains(Original, Encoding.UTF8.GetString(mail.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forwarded_message_that_never_was_a_mail_is_written_out_with_its_files()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(5000);
        var file = await _alice.Blobs.UploadAsync(new MemoryStream(bytes), new UploadOptions { Name = "minutes.odt", ContentType = "application/vnd.oasis.opendocument.text" }, CancellationToken.None);
        var sent = await _alice.Mail.SendAsync(new OutgoingMessage { To = ["alice@example.test"], Subject = "Minutes", Name = "Alice A.", Body = "What we *said*.", ContentType = "markdown", Attachments = [file] }, CancellationToken.None);
        await _alice.Mail.ForwardAsync(sent.Results[0].Id!, ["bob@mail.test"], null, null, null, CancellationToken.None);

        var mail = (await _outside.NextAsync()).Message;
        foreach (string words in new[] { "Forwarded message", "From: Alice A. <alice@example.test>", "Subject: Minutes", "What we said." }) Assert.Contains(words, mail.TextBody, StringComparison.Ordinal);
        var part = Assert.IsAssignableFrom<MimePart>(Assert.Single(mail.Attachments));
        Assert.Equal("minutes.odt", part.FileName);
        Assert.Equal(bytes, Decode(part));
    }

    private async Task<string> ReceiveAsync()
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", _port, MailKit.Security.SecureSocketOptions.None);
        using var message = await MimeMessage.LoadAsync(new MemoryStream(Encoding.UTF8.GetBytes(Original)));
        await client.SendAsync(message, new MailboxAddress("", "carol@mail.test"), [new MailboxAddress("", "alice@example.test")]);
        await client.DisconnectAsync(quit: true);
        return (string)(await _http.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]![0]!["id"]!;
    }

    private async Task<JsonNode> SentRowAsync() => (await _http.GetFromJsonAsync<JsonObject>("/.smxp/mail/sent"))!["messages"]![0]!;

    private static byte[] Decode(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content!.DecodeTo(bytes);
        return bytes.ToArray();
    }
}
