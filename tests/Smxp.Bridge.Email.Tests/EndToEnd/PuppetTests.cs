using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Smxp.Plugins.Host;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>alice@other.test, whose server knows no email, and bob@mail.example, who knows nothing else, write to each other through gw.example: two real servers and a mail server.</summary>
public sealed class PuppetTests : IAsyncLifetime
{
    private const string Alice = "alice_at_other.test@gw.example";
    private const string Bob = "bob_at_mail.example@gw.example";

    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly PuppetWorld _world = new();
    private HttpClient _alice = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _alice = await _world.SignInAsync(_world.Other, "alice@other.test");
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task They_write_to_each_other_in_one_conversation_on_either_side()
    {
        var sent = await PuppetWorld.SendAsync(_alice, new { to = Bob, name = "Alice", subject = "Lunch", body = "Are you free?" });
        Assert.Equal("sent", (string?)sent["status"]);
        var first = await _world.Outside.NextAsync();
        Assert.Equal((Alice, "bob@mail.example"), (first.Sender, Assert.Single(first.Recipients)));
        Assert.Equal(("Alice", Alice, "bob@mail.example", "Lunch"), Named(first.Message));
        Assert.Equal($"{(string?)sent["id"]}@gw.example", first.Message.MessageId);
        Assert.Equal("Are you free?", first.Message.TextBody!.Trim());

        string answer = $"From: Bob <bob@mail.example>\r\nTo: {Alice}\r\nSubject: Re: Lunch\r\nMessage-ID: <second@mail.example>\r\nIn-Reply-To: <{first.Message.MessageId}>\r\nReferences: <{first.Message.MessageId}>\r\n\r\nAt noon.\r\n";
        Assert.StartsWith("250", await _world.DeliverAsync("bob@mail.example", Alice, answer), StringComparison.Ordinal);
        var received = await PuppetWorld.NewestAsync(_alice, 1);
        Assert.Equal((Bob, "Bob", "At noon.", 1), ((string?)received["from"], (string?)received["name"], (string?)received["body"], (int?)received["verified"]));
        Assert.Equal(((string?)sent["conversation_id"], (string?)sent["id"]), ((string?)received["conversation_id"], (string?)received["in_reply_to"]));

        // A client that names the conversation alone: the answer is to what came last in it.
        await PuppetWorld.SendAsync(_alice, new { to = Bob, body = "Where?", conversation_id = (string?)received["conversation_id"] });
        var third = (await _world.Outside.NextAsync()).Message;
        Assert.Equal(("second@mail.example", "Re: Lunch"), (third.InReplyTo, third.Subject));
        Assert.Equal([first.Message.MessageId!, "second@mail.example"], third.References);

        // The same mail again, as after a lost reply, is taken and changes nothing; the next one answers alice's second.
        Assert.StartsWith("250", await _world.DeliverAsync("bob@mail.example", Alice, answer), StringComparison.Ordinal);
        await _world.DeliverAsync("bob@mail.example", Alice, $"From: bob@mail.example\r\nMessage-ID: <fourth@mail.example>\r\nReferences: <{first.Message.MessageId}> <second@mail.example> <{third.MessageId}>\r\n\r\nHere.\r\n");
        var fourth = await PuppetWorld.NewestAsync(_alice, 2);
        Assert.Equal(((string?)sent["conversation_id"], $"{(string?)fourth["in_reply_to"]}@gw.example"), ((string?)fourth["conversation_id"], third.MessageId));
    }

    [Fact]
    public async Task A_mail_that_begins_a_thread_begins_a_conversation_and_its_answer_is_an_answer()
    {
        Assert.StartsWith("250", await _world.DeliverAsync("bob@mail.example", Alice, "From: bob@mail.example\r\nSubject: Hello\r\nMessage-ID: <hello@mail.example>\r\nReferences: <older@mail.example>\r\n\r\nHi.\r\n"), StringComparison.Ordinal);
        var received = await PuppetWorld.NewestAsync(_alice, 1);
        await PuppetWorld.SendAsync(_alice, new { to = (string?)received["from"], body = "Hi too.", conversation_id = (string?)received["conversation_id"], in_reply_to = (string?)received["id"] });
        var answer = (await _world.Outside.NextAsync()).Message;
        Assert.Equal(("hello@mail.example", "Re: Hello"), (answer.InReplyTo, answer.Subject));
        Assert.Equal(["older@mail.example", "hello@mail.example"], answer.References);
    }

    [Fact]
    public async Task Files_go_along_both_ways()
    {
        const string Mail = "From: bob@mail.example\r\nMessage-ID: <file@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\n"
            + "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\ncGxhbg==\r\n--b--\r\n";
        await _world.DeliverAsync("bob@mail.example", Alice, Mail);
        var received = await PuppetWorld.NewestAsync(_alice, 1);
        var attachment = JsonSerializer.Deserialize<Attachment>(received["attachments"]![0]!, Wire)!;
        Assert.Equal(("plan.pdf", "gw.example"), (attachment.Name, attachment.Host));
        // As her client would, from the gateway: it has no mailbox for bob's puppet, but his file.
        await using var file = await _world.Other.Services.GetRequiredService<IBlobs>().OpenAsync(attachment, CancellationToken.None);
        using var reader = new StreamReader(file!);
        Assert.Equal("plan", await reader.ReadToEndAsync());

        var own = await _world.Other.Services.GetRequiredService<IBlobs>().StoreAsync(Address.Parse("alice@other.test"), new MemoryStream("my plan"u8.ToArray()), "mine.txt", "text/plain", "attachment", CancellationToken.None);
        var encryption = new { algorithm = own.Encryption!.Algorithm, key = own.Encryption.Key, nonce_prefix = own.Encryption.NoncePrefix, chunk_size = own.Encryption.ChunkSize, plaintext_size = own.Encryption.PlaintextSize, plaintext_sha256 = own.Encryption.PlaintextSha256 };
        await PuppetWorld.SendAsync(_alice, new { to = Bob, body = "And mine.", attachments = new[] { new { blob_id = own.BlobId, encryption } } });
        var part = Assert.IsAssignableFrom<MimePart>(Assert.Single((await _world.Outside.NextAsync()).Message.Attachments));
        using var bytes = new MemoryStream();
        await part.Content!.DecodeToAsync(bytes);
        Assert.Equal(("mine.txt", "my plan"), (part.FileName, Encoding.UTF8.GetString(bytes.ToArray())));
    }

    [Fact]
    public async Task An_edit_is_a_mail_that_replaces_and_nothing_else_leaves()
    {
        var sent = await PuppetWorld.SendAsync(_alice, new { to = Bob, subject = "Lunch", body = "At one." });
        var first = (await _world.Outside.NextAsync()).Message;
        (await _alice.PostAsJsonAsync($"/.smxp/mail/messages/{(string?)sent["id"]}/delete", new { to = Bob })).EnsureSuccessStatusCode();
        var second = await PuppetWorld.SendAsync(_alice, new { to = Bob, subject = "Dinner", body = "At six." });
        // Had the deletion become a mail, it would come before this one.
        Assert.Equal("Dinner", (await _world.Outside.NextAsync()).Message.Subject);
        (await _alice.PostAsJsonAsync($"/.smxp/mail/messages/{(string?)second["id"]}/edit", new { to = Bob, body = "At seven." })).EnsureSuccessStatusCode();
        var edit = (await _world.Outside.NextAsync()).Message;
        Assert.Equal(($"<{(string?)second["id"]}@gw.example>", "Re: Dinner (edited)"), (edit.Headers["Supersedes"], edit.Subject));
        Assert.NotEqual(first.MessageId, edit.InReplyTo);
        Assert.Contains("At seven.", edit.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_a_mailbox_here_writes_from_his_own_address()
    {
        var carol = await _world.SignInAsync(_world.Gateway, "carol@local.test");
        await PuppetWorld.SendAsync(carol, new { to = Bob, subject = "Hello", body = "From here." });
        var mail = await _world.Outside.NextAsync();
        Assert.Equal(("carol@local.test", "bob@mail.example"), (mail.Sender, Assert.Single(mail.Recipients)));
        await _world.DeliverAsync("bob@mail.example", "carol@local.test", $"From: bob@mail.example\r\nMessage-ID: <to-carol@mail.example>\r\nIn-Reply-To: <{mail.Message.MessageId}>\r\n\r\nHi.\r\n");
        var row = Assert.Single(await PuppetWorld.InboxAsync(carol))!;
        Assert.Equal("bob@mail.example", (string?)row["from"]);
        Assert.Equal(mail.Message.Headers["X-SMXP-Conversation"], (string?)row["conversation_id"]);
    }

    [Fact]
    public async Task What_a_mail_server_refuses_is_told_in_the_conversation()
    {
        _world.Outside.Refusals["RCPT"] = "550 5.1.1 No such user";
        var sent = await PuppetWorld.SendAsync(_alice, new { to = Bob, subject = "Lunch", body = "Are you there?" });
        var told = await PuppetWorld.NewestAsync(_alice, 1);
        Assert.Equal((Bob, (string?)sent["conversation_id"], (string?)sent["id"]), ((string?)told["from"], (string?)told["conversation_id"], (string?)told["in_reply_to"]));
        Assert.Contains("bob@mail.example", (string?)told["body"], StringComparison.Ordinal);
        Assert.Contains("No such user", (string?)told["body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notice_of_another_server_that_is_refused_is_told_to_nobody()
    {
        _world.Outside.Refusals["RCPT"] = "550 5.1.1 No such user";
        var notice = await PuppetWorld.SendAsync(_alice, new { to = Bob, name = "Mail Delivery System", body = "Your message could not be delivered." });
        using var admin = _world.Gateway.NewAdminClient();
        await Eventually.TrueAsync(async () => (await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/bridge/email/ledger?outcome=failed"))!["crossings"]!.AsArray().Count == 1);
        var sent = await PuppetWorld.SendAsync(_alice, new { to = Bob, body = "Are you there?" });
        Assert.Equal((string?)sent["id"], (string?)(await PuppetWorld.NewestAsync(_alice, 1))["in_reply_to"]);
        Assert.NotEqual((string?)notice["id"], (string?)sent["id"]);
    }

    [Fact]
    public async Task A_bounce_is_told_in_the_conversation_once_and_one_of_nothing_is_refused()
    {
        var sent = await PuppetWorld.SendAsync(_alice, new { to = Bob, subject = "Lunch", body = "Are you there?" });
        var mail = (await _world.Outside.NextAsync()).Message;
        string bounce = Bounce(mail.MessageId!, "failed");
        Assert.StartsWith("250", await _world.DeliverAsync("", Alice, bounce), StringComparison.Ordinal);
        Assert.StartsWith("250", await _world.DeliverAsync("", Alice, bounce), StringComparison.Ordinal);
        var told = await PuppetWorld.NewestAsync(_alice, 1);
        Assert.Equal((Bob, (string?)sent["conversation_id"], (string?)sent["id"]), ((string?)told["from"], (string?)told["conversation_id"], (string?)told["in_reply_to"]));
        Assert.Contains("mailbox is full", (string?)told["body"], StringComparison.Ordinal);

        Assert.StartsWith("554", await _world.DeliverAsync("", Alice, Bounce("somebody-elses@gw.example", "failed")), StringComparison.Ordinal);
        Assert.StartsWith("250", await _world.DeliverAsync("", Alice, Bounce(mail.MessageId!, "relayed")), StringComparison.Ordinal);
        await _world.DeliverAsync("bob@mail.example", Alice, "From: bob@mail.example\r\nMessage-ID: <after@mail.example>\r\n\r\nIt came after all.\r\n");
        Assert.Equal("It came after all.", (string?)(await PuppetWorld.NewestAsync(_alice, 2))["body"]);
    }

    [Fact]
    public async Task What_the_operator_drops_is_told_in_the_conversation()
    {
        _world.Outside.Refusals["RCPT"] = "451 4.7.1 Greylisted";
        var sent = await PuppetWorld.SendAsync(_alice, new { to = Bob, subject = "Lunch", body = "Are you there?" });
        using var admin = _world.Gateway.NewAdminClient();
        var entry = Assert.Single((await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/queue"))!["entries"]!.AsArray())!;
        await Eventually.TrueAsync(async () => (await admin.DeleteAsync(new Uri($"/.smxp/admin/queue/{(string)entry["id"]!}", UriKind.Relative))).IsSuccessStatusCode);
        var told = await PuppetWorld.NewestAsync(_alice, 1);
        Assert.Equal((string?)sent["id"], (string?)told["in_reply_to"]);
        Assert.Contains("dropped by the operator", (string?)told["body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_on_smxp_comes_back_as_a_notification()
    {
        const string Nobody = "nobody_at_other.test@gw.example";
        Assert.StartsWith("250", await _world.DeliverAsync("bob@mail.example", Nobody, "From: bob@mail.example\r\nSubject: Hello\r\nMessage-ID: <lost@mail.example>\r\n\r\nAnybody there?\r\n"), StringComparison.Ordinal);
        var notification = await _world.Outside.NextAsync();
        Assert.Equal(("", "bob@mail.example"), (notification.Sender, Assert.Single(notification.Recipients)));
        var report = Assert.IsType<MultipartReport>(notification.Message.Body);
        var fields = report.OfType<MessageDeliveryStatus>().Single().StatusGroups[1];
        Assert.Equal(($"rfc822; {Nobody}", "failed"), (fields["Final-Recipient"], fields["Action"]));
        Assert.Contains("recipient address not found", fields["Diagnostic-Code"], StringComparison.Ordinal);
        Assert.Contains("lost@mail.example", Encoding.ASCII.GetString(notification.Bytes), StringComparison.Ordinal);
        // Of a mail with a null return path, nobody is told.
        Assert.StartsWith("250", await _world.DeliverAsync("", Nobody, "From: bob@mail.example\r\nMessage-ID: <vacation@mail.example>\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n"), StringComparison.Ordinal);
        await PuppetWorld.SendAsync(_alice, new { to = Bob, subject = "Next", body = "The next mail." });
        Assert.Equal("Next", (await _world.Outside.NextAsync()).Message.Subject);
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied\r\n")]
    [InlineData("MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n")]
    public async Task An_automatic_answer_that_fails_is_told_to_nobody_whatever_its_return_path(string header)
    {
        const string Nobody = "nobody_at_other.test@gw.example";
        await _world.DeliverAsync("bob@mail.example", Nobody, $"From: bob@mail.example\r\nMessage-ID: <auto@mail.example>\r\n{header}\r\n--b\r\n\r\nI am away.\r\n--b--\r\n");
        await EndedAsync("auto@mail.example");
        await PuppetWorld.SendAsync(_alice, new { to = Bob, subject = "Next", body = "The next mail." });
        Assert.Equal("Next", (await _world.Outside.NextAsync()).Message.Subject);
    }

    [Fact]
    public async Task The_ledger_tells_the_story_of_mail_in_both_directions()
    {
        var sent = await PuppetWorld.SendAsync(_alice, new { to = Bob, subject = "Lunch", body = "Are you there?" });
        string messageId = (await _world.Outside.NextAsync()).Message.MessageId!;
        await _world.DeliverAsync("", Alice, Bounce(messageId, "failed"));
        await PuppetWorld.NewestAsync(_alice, 1);
        string[] story = await StoryAsync(messageId);
        Assert.Equal(story, await StoryAsync((string)sent["id"]!));
        Assert.StartsWith($"Message {(string)sent["id"]!} by alice@other.test came on ", story[0], StringComparison.Ordinal);
        Assert.StartsWith($"It left as mail <{messageId}> for {Bob}", story[1], StringComparison.Ordinal);
        Assert.EndsWith("said that it could not be delivered: 552 5.2.2 the mailbox is full.", story[^1], StringComparison.Ordinal);

        const string Mail = "From: bob@mail.example\r\nMessage-ID: <answer@mail.example>\r\n\r\nI am.\r\n";
        await _world.DeliverAsync("bob@mail.example", Alice, Mail);
        string id = (string)(await PuppetWorld.NewestAsync(_alice, 2))["id"]!;
        await _world.DeliverAsync("bob@mail.example", Alice, Mail);
        story = await EndedAsync("answer@mail.example");
        Assert.Contains(story, static line => line.StartsWith($"A mail by bob@mail.example for {Alice} came on ", StringComparison.Ordinal));
        Assert.Contains($"It was accepted (250) and became message {id}.", story);
        Assert.Contains(story, static line => line.EndsWith("its recipient's server took it.", StringComparison.Ordinal));
        Assert.Contains("It had come already, so nothing was stored again; its sender was told 250.", story);

        await _world.DeliverAsync("bob@mail.example", "nobody_at_other.test@gw.example", "From: bob@mail.example\r\nMessage-ID: <lost@mail.example>\r\n\r\nAnybody?\r\n");
        Assert.Matches("^On .* UTC it was given up: .*recipient address not found", (await EndedAsync("lost@mail.example"))[^1]);
    }

    private Task<string[]> EndedAsync(string messageId) =>
        Eventually.GetAsync(async () => await StoryAsync(messageId) is { } story && story.Any(static line => line.StartsWith("On ", StringComparison.Ordinal)) ? story : null);

    private async Task<string[]> StoryAsync(string name)
    {
        using var admin = _world.Gateway.NewAdminClient();
        return [.. Assert.Single((await admin.GetFromJsonAsync<JsonObject>($"/.smxp/admin/bridge/email/trace/{name}"))!["traces"]!.AsArray())!["story"]!.AsArray().Select(static line => (string)line!)];
    }

    [Fact]
    public async Task Without_configuration_only_those_get_through_who_were_written_to()
    {
        await PuppetWorld.SendAsync(_alice, new { to = Bob, subject = "Lunch", body = "Are you free?" });
        await _world.Outside.NextAsync();
        await _world.Gateway.RestartAsync(static settings => settings.With("Smxp:Bridge:Email:Puppets:AllowFrom:0", "elsewhere.test"));

        Assert.StartsWith("550", await _world.DeliverAsync("eve@mail.example", Alice, "From: bob@mail.example\r\n\r\nBuy!\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("554", await _world.DeliverAsync("bob@mail.example", Alice, "From: eve@mail.example\r\n\r\nBuy!\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("550", await _world.DeliverAsync("bob@mail.example", "dave_at_other.test@gw.example", "From: bob@mail.example\r\n\r\nHi.\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("550", await _world.DeliverAsync("", "dave_at_other.test@gw.example", Bounce("x@gw.example", "failed")), StringComparison.Ordinal);
        Assert.StartsWith("250", await _world.DeliverAsync("bob@mail.example", Alice, "From: bob@mail.example\r\n\r\nYes.\r\n"), StringComparison.Ordinal);
        Assert.Equal("Yes.", (string?)(await PuppetWorld.NewestAsync(_alice, 1))["body"]);
    }

    private static (string?, string, string, string?) Named(MimeMessage mail) =>
        (mail.From.Mailboxes.Single().Name, mail.From.Mailboxes.Single().Address, mail.To.Mailboxes.Single().Address, mail.Subject);

    private static string Bounce(string messageId, string action) =>
        $"From: Mail Delivery System <mailer-daemon@mail.example>\r\nTo: {Alice}\r\nMessage-ID: <{Guid.NewGuid():N}@mail.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n"
        + $"Final-Recipient: rfc822; bob@mail.example\r\nAction: {action}\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 the mailbox is full\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        + $"From: {Alice}\r\nMessage-ID: <{messageId}>\r\n--b--\r\n";
}
