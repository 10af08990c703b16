using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MailKit;
using MimeKit;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>What becomes of mail that people send from mail programs: one send call, for recipients here, on SMXP and by email alike.</summary>
public sealed class SubmittedMailTests : IAsyncLifetime
{
    private const string Alice = "alice@example.test";
    private const string Bob = "bob@example.test";
    private const string Dora = "dora@mail.test";

    private SubmissionServer _server = null!;
    private HttpClient _alice = null!;

    public async Task InitializeAsync()
    {
        // What is put in front is another test's: here the octets count.
        _server = await SubmissionServer.StartAsync(static settings => settings.With("Smxp:Bridge:Email:Outbound:Dkim", "false"), "alice", "bob");
        _alice = await _server.OpenAsync(Alice);
    }

    public async Task DisposeAsync()
    {
        _alice.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Leaves_as_it_was_written_but_for_what_must_not_leave_and_what_is_missing()
    {
        string mail = """
            Return-Path: <alice@laptop.test>
            FROM:   "Alice"   <alice@example.test>
            X-Odd:	kept
              exactly as folded
            bcc: secret@mail.test,
             another@mail.test
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
            To: dora@mail.test

            Line one  
            ..two dots

            .
            """.ReplaceLineEndings("\r\n");
        Assert.StartsWith("250", (await _server.TalkAsync(Alice, $"MAIL FROM:<{Alice}>", "RCPT TO:<Dora@mail.test>", "DATA", mail))[^1], StringComparison.Ordinal);

        var left = await _server.Outside.NextAsync();
        string text = Encoding.Latin1.GetString(left.Bytes);
        Assert.StartsWith("Received: from client.invalid\r\n\tby gw.example.test with ESMTPSA; ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
        Assert.Contains("FROM:   \"Alice\"   <alice@example.test>\r\nX-Odd:\tkept\r\n  exactly as folded\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nTo: dora@mail.test\r\nDate: ", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nLine one  \r\n.two dots\r\n\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Return-Path", text, StringComparison.Ordinal);
        Assert.EndsWith("@example.test", left.Message.MessageId, StringComparison.Ordinal);
        // The local part is the recipient's server's to understand, so its letters stay.
        Assert.Equal((Alice, "Dora@mail.test"), (left.Sender, Assert.Single(left.Recipients)));

        var row = await SentAsync("sent");
        Assert.Equal(("email", "Grüße", "Alice"), ((string?)row["transport"], (string?)row["subject"], (string?)row["name"]));
        Assert.Equal(text[(text.IndexOf("\r\nFROM", StringComparison.Ordinal) + 2)..], await SubmissionServer.OriginalAsync(_alice, row));
    }

    [Fact]
    public async Task Goes_to_all_recipients_in_one_call_each_by_his_way()
    {
        int port = FreePort.Next();
        await using var peer = await TestServer.StartAsync(settings =>
        {
            settings.Port = port;
            settings.Hosts["example.test"] = _server.Server.BaseAddress.ToString().TrimEnd('/');
        });
        await _server.Server.RestartAsync(settings => settings.Hosts["peer.test"] = $"http://127.0.0.1:{port}");
        using var carl = await peer.SignInNewAsync("carl@peer.test");
        using var bob = await _server.OpenAsync(Bob);

        var mail = SubmissionServer.Mail(Alice, Bob, "carl@peer.test");
        mail.Cc.Add(MailboxAddress.Parse(Dora));
        var body = new BodyBuilder { TextBody = "See the plan." };
        body.Attachments.Add("plan.txt", Encoding.UTF8.GetBytes("Noon, by the lake."));
        mail.Body = body.ToMessageBody();
        await _server.SendAsync(Alice, mail);

        var left = await _server.Outside.NextAsync();
        Assert.Equal((Dora, mail.MessageId), (Assert.Single(left.Recipients), left.Message.MessageId));
        Assert.Equal($"{Bob}, carl@peer.test", left.Message.To.ToString().Replace("\"", "", StringComparison.Ordinal));
        var here = Assert.Single(await SubmissionServer.RowsAsync(bob, "inbox"))!;
        JsonNode? there = null;
        await Eventually.TrueAsync(async () => (there = (await SubmissionServer.RowsAsync(carl, "inbox")).SingleOrDefault()) is not null);
        foreach (var row in new[] { here, there! })
        {
            Assert.Equal((Alice, "Lunch", "See the plan."), ((string?)row["from"], (string?)row["subject"], ((string?)row["body"])!.Trim()));
            Assert.Equal("plan.txt", (string?)Assert.Single(row["attachments"]!.AsArray())!["name"]);
        }

        await Eventually.TrueAsync(async () => (await SubmissionServer.RowsAsync(_alice, "sent")).All(static row => (string?)row!["status"] == "sent"));
        var sent = await SubmissionServer.RowsAsync(_alice, "sent");
        Assert.Equal(["email", "local", "smxp"], sent.Select(static row => (string)row!["transport"]!).Order());
        Assert.Single(sent.Select(static row => (string)row!["conversation_id"]!).Append((string)here["conversation_id"]!).Append((string)there!["conversation_id"]!).Distinct());
        // Whoever has it here has the mail as it was written, too.
        Assert.Equal(await SubmissionServer.OriginalAsync(_alice, sent[0]!), await SubmissionServer.OriginalAsync(bob, here));
    }

    [Fact]
    public async Task Threads_with_answers_from_both_worlds()
    {
        using var bob = await _server.OpenAsync(Bob);
        var mail = SubmissionServer.Mail(Alice, Bob, Dora);
        await _server.SendAsync(Alice, mail);
        await _server.Outside.NextAsync();
        var first = (await SubmissionServer.RowsAsync(_alice, "sent"))[0]!;

        // By email, from outside, to all.
        string answer = $"From: {Dora}\r\nTo: {Alice}, {Bob}\r\nSubject: Re: Lunch\r\nMessage-ID: <answer@mail.test>\r\nIn-Reply-To: <{mail.MessageId}>\r\nReferences: <{mail.MessageId}>\r\n\r\nYes.\r\n";
        foreach (string recipient in new[] { Alice, Bob }) Assert.StartsWith("250", await RawSmtp.DeliverAsync(_server.RelayPort, Encoding.ASCII.GetBytes(answer), recipient), StringComparison.Ordinal);
        var received = Assert.Single(await SubmissionServer.RowsAsync(_alice, "inbox"))!;
        Assert.Equal((string?)first["conversation_id"], (string?)received["conversation_id"]);
        Assert.Contains((string?)received["in_reply_to"], (await SubmissionServer.RowsAsync(_alice, "sent")).Select(static row => (string?)row!["id"]));
        Assert.Equal((string?)first["conversation_id"], (string?)(await SubmissionServer.RowsAsync(bob, "inbox"))[0]!["conversation_id"]);

        // From the mail program once more.
        var more = SubmissionServer.Mail(Alice, Dora);
        (more.InReplyTo, more.Subject) = ("answer@mail.test", "Re: Lunch");
        await _server.SendAsync(Alice, more);
        await _server.Outside.NextAsync();
        var second = (await SubmissionServer.RowsAsync(_alice, "sent"))[0]!;
        Assert.Equal(((string?)first["conversation_id"], (string?)received["id"]), ((string?)second["conversation_id"], (string?)second["in_reply_to"]));

        // By the API, from one who got the first mail here: what he names, mail programs outside know.
        var got = (await SubmissionServer.RowsAsync(bob, "inbox")).Single(static row => (string?)row!["from"] == Alice)!;
        (await bob.PostAsJsonAsync("/.smxp/mail/send", new { to = Dora, body = "Me too.", in_reply_to = (string?)got["id"], conversation_id = (string?)got["conversation_id"] })).EnsureSuccessStatusCode();
        Assert.Equal(mail.MessageId, (await _server.Outside.NextAsync()).Message.InReplyTo);
    }

    [Fact]
    public async Task Sends_nothing_twice_and_the_rest_of_the_recipients_later()
    {
        using var bob = await _server.OpenAsync(Bob);
        var mail = SubmissionServer.Mail(Alice, Dora);
        await _server.SendAsync(Alice, mail);
        await _server.Outside.NextAsync();
        await _server.SendAsync(Alice, mail);
        using (var client = await _server.SignInAsync(Alice))
            await client.SendAsync(mail, MailboxAddress.Parse(Alice), [MailboxAddress.Parse(Dora), MailboxAddress.Parse(Bob)]);
        Assert.Single(await SubmissionServer.RowsAsync(bob, "inbox"));
        Assert.Equal([Bob, Dora], (await SubmissionServer.RowsAsync(_alice, "sent")).Select(static row => (string)row!["to"]!).Order());
        // Without an id of its own it is known by what it says and when.
        string[] script = [$"MAIL FROM:<{Alice}>", $"RCPT TO:<{Bob}>", "DATA", $"From: {Alice}\r\nDate: Wed, 4 Mar 2026 10:00:00 +0000\r\n\r\nTwice\r\n."];
        for (int i = 0; i < 2; i++) Assert.StartsWith("250", (await _server.TalkAsync(Alice, script))[^1], StringComparison.Ordinal);
        Assert.Equal(2, (await SubmissionServer.RowsAsync(bob, "inbox")).Count);
        Assert.False(_server.Outside.HasMail);
    }

    [Fact]
    public async Task A_large_mail_is_kept_once_and_leaves_byte_for_byte()
    {
        using var bob = await _server.OpenAsync(Bob);
        byte[] octets = new byte[400_000];
        new Random(7).NextBytes(octets);
        var mail = SubmissionServer.Mail(Alice, Bob, Dora);
        var body = new BodyBuilder { TextBody = "Large." };
        body.Attachments.Add("octets.bin", octets);
        mail.Body = body.ToMessageBody();
        await _server.SendAsync(Alice, mail);

        string left = Encoding.Latin1.GetString((await _server.Outside.NextAsync()).Bytes);
        string original = left[(left.IndexOf("\r\nFrom:", StringComparison.Ordinal) + 2)..];
        foreach (var row in await SubmissionServer.RowsAsync(_alice, "sent")) Assert.Equal(original, await SubmissionServer.OriginalAsync(_alice, row!));
        Assert.Equal(original, await SubmissionServer.OriginalAsync(bob, Assert.Single(await SubmissionServer.RowsAsync(bob, "inbox"))!));
    }

    [Fact]
    public async Task Who_is_still_elsewhere_in_a_hybrid_domain_gets_it_there_as_it_was_written()
    {
        await using var legacy = new OutsideServer();
        await _server.Server.AddDomainAsync("old.test");
        await _server.Server.RestartAsync(settings => settings.With("Smxp:Bridge:Email:HybridDomains:old.test:LegacyServer", $"smtp://127.0.0.1:{legacy.Port}"));
        var mail = SubmissionServer.Mail(Alice, "erin@old.test");
        await _server.SendAsync(Alice, mail);
        var left = await legacy.NextAsync();
        Assert.Equal(("erin@old.test", mail.MessageId), (Assert.Single(left.Recipients), left.Message.MessageId));
        Assert.Equal("email", (string?)(await SentAsync("sent"))["transport"]);

        legacy.Refusals["RCPT"] = "550 5.1.1 Nobody of that name";
        Assert.StartsWith("550 5.1.1", (await _server.TalkAsync(Alice, $"MAIL FROM:<{Alice}>", "RCPT TO:<nobody@old.test>"))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Binary_parts_leave_as_lines()
    {
        byte[] octets = [0, 10, 13, 255, 46, 13, 10, 0, 10];
        string mail = $"From: {Alice}\r\nTo: {Dora}\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n{Encoding.Latin1.GetString(octets)}";
        var replies = await _server.TalkAsync(Alice, $"MAIL FROM:<{Alice}> BODY=BINARYMIME", $"RCPT TO:<{Dora}>", $"BDAT {mail.Length + 2} LAST\r\n{mail}");
        Assert.StartsWith("250", replies[^1], StringComparison.Ordinal);
        var left = await _server.Outside.NextAsync();
        using var decoded = new MemoryStream();
        await Assert.IsType<MimePart>(left.Message.Body).Content!.DecodeToAsync(decoded);
        Assert.Equal([.. octets, 13, 10], decoded.ToArray());
        Assert.True(left.Bytes.All(static b => b is > 0 and < 128));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Eight_bits_leave_as_they_were_written_where_the_next_server_takes_them(bool takes)
    {
        _server.Outside.TakesEightBits = takes;
        string mail = $"From: {Alice}\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n";
        Assert.StartsWith("250", (await _server.TalkAsync(Alice, $"MAIL FROM:<{Alice}> BODY=8BITMIME", $"RCPT TO:<{Dora}>", "DATA", $"{mail}."))[^1], StringComparison.Ordinal);
        var left = await _server.Outside.NextAsync();
        Assert.Equal(takes, _server.Outside.Heard.Any(static line => line.StartsWith("MAIL", StringComparison.Ordinal) && line.Contains(" BODY=8BITMIME", StringComparison.Ordinal)));
        Assert.Equal(takes, left.Bytes.Any(static octet => octet > 127));
        Assert.Equal("Gr\u00fc\u00dfe", left.Message.TextBody!.Trim());
        // What is kept is what was written.
        Assert.Contains((byte)0xFC, await _alice.GetByteArrayAsync($"/.smxp/bridge/email/messages/{(string?)(await SentAsync("sent"))["id"]}/original"));
    }

    private async Task<JsonNode> SentAsync(string status)
    {
        JsonNode? row = null;
        await Eventually.TrueAsync(async () => (string?)(row = (await SubmissionServer.RowsAsync(_alice, "sent")).SingleOrDefault())?["status"] == status);
        return row!;
    }
}
