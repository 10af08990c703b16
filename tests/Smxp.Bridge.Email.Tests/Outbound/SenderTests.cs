using System.Text;
using MimeKit;
using Smxp.Bridge.Email.Notifications;
using Smxp.Bridge.Email.Outbound;
using Smxp.Plugins.Delivery;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.Outbound;

public sealed class SenderTests : IAsyncLifetime
{
    private readonly OutboundWorld _world = OutboundWorld.Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Theory]
    [InlineData("PIPELINING")]
    [InlineData("SIZE 1000")]
    public async Task Sends_every_byte_as_it_is(string extension)
    {
        var server = _world.Server(1);
        server.Extensions = [extension];
        const string Text = "Subject: dots\r\n\r\n.\r\n..two\r\n.three\r\nno end";
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync(Text)).Kind);
        Assert.Equal(Text + "\r\n", Assert.Single(server.Mails).Text);
    }

    [Theory]
    [InlineData("421 too busy")]
    [InlineData("554 not you")]
    public async Task Goes_on_to_the_next_server_where_one_does_not_want_to_talk(string greeting)
    {
        _world.Server(1).Greeting = greeting;
        var second = _world.Server(2);
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.Single(second.Mails);
    }

    [Fact]
    public async Task Goes_on_where_ehlo_is_put_off_and_falls_back_to_helo_where_it_is_unknown()
    {
        _world.Server(1).Answer = static line => line.StartsWith("EHLO", StringComparison.Ordinal) ? "451 later" : null;
        var old = _world.Server(2);
        old.Answer = static line => line.StartsWith("EHLO", StringComparison.Ordinal) ? "502 what?" : null;
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.Contains("HELO gw.test", old.Commands);
        Assert.Contains("MAIL FROM:<alice@example.test>", old.Commands);
    }

    [Fact]
    public async Task Servers_that_all_say_521_refuse_for_good()
    {
        _world.Server(1).Greeting = "521 no mail here";
        Assert.Equal((HandOverKind.Rejected, "mx1.far.test: it greeted with: 521 no mail here"), (await _world.SendAsync()) is var result ? (result.Kind, result.Error) : default);
    }

    [Fact]
    public async Task A_refused_recipient_is_final_and_the_next_server_is_not_asked()
    {
        _world.Server(1).Answer = static line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no such user" : null;
        var second = _world.Server(2);
        var result = await _world.SendAsync();
        Assert.Equal((HandOverKind.Rejected, "mx1.far.test answered: 550 5.1.1 no such user"), (result.Kind, result.Error));
        Assert.Equal(0, second.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_recipient_has_an_outcome_of_its_own(bool pipelining)
    {
        var server = _world.Server(1);
        server.Extensions = pipelining ? ["PIPELINING"] : [];
        server.Answer = static line => line.Contains("gone@", StringComparison.Ordinal) ? "550 gone" : line.Contains("busy@", StringComparison.Ordinal) ? "452 busy" : null;
        var results = await _world.SendAsync(["gone@far.test", "here@far.test", "busy@far.test"]);
        Assert.Equal([HandOverKind.Rejected, HandOverKind.Accepted, HandOverKind.Deferred], results.Select(static result => result.Kind));
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task An_outcome_after_the_mail_is_that_of_everybody_who_was_accepted()
    {
        _world.Server(1).Answer = static line => line == "." ? "554 spam" : line.Contains("busy@", StringComparison.Ordinal) ? "452 busy" : null;
        var results = await _world.SendAsync(["here@far.test", "busy@far.test"]);
        Assert.Equal([(HandOverKind.Rejected, "mx1.far.test answered: 554 spam"), (HandOverKind.Deferred, "mx1.far.test answered: 452 busy")], results.Select(static result => (result.Kind, result.Error!)));
    }

    [Fact]
    public async Task One_connection_carries_many_mails_and_no_more_than_it_may()
    {
        var server = _world.Server(1);
        _world.Settings.MailsPerConnection = 5;
        for (int i = 0; i < 12; i++) Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.Equal((12, 3), (server.Mails.Count, server.Connections));
        Assert.Equal(9, _world.Meters.Counted.Count(static name => name == "smxp.mail.connections.reused"));
    }

    [Fact]
    public async Task A_refused_mail_is_taken_back_before_the_next_one()
    {
        var server = _world.Server(1);
        bool refuse = true;
        server.Answer = line => refuse && line.StartsWith("MAIL", StringComparison.Ordinal) ? "550 no" : refuse && line == "DATA" ? "503 what?" : null;
        Assert.Equal(HandOverKind.Rejected, (await _world.SendAsync()).Kind);
        refuse = false;
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.Equal(1, server.Connections);
        Assert.Contains("RSET", server.Commands);
    }

    [Fact]
    public async Task A_connection_that_was_closed_meanwhile_costs_no_attempt()
    {
        var server = _world.Server(1);
        server.HangUpAfter = 1;
        for (int i = 0; i < 3; i++) Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.Equal((3, 3), (server.Mails.Count, server.Connections));
    }

    [Fact]
    public async Task A_session_that_ends_with_421_between_mails_costs_no_attempt()
    {
        var server = _world.Server(1);
        int mails = 0;
        server.Answer = line => line.StartsWith("MAIL", StringComparison.Ordinal) && ++mails == 2 ? "421 closing" : null;
        for (int i = 0; i < 2; i++) Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.Equal((2, 2), (server.Mails.Count, server.Connections));
    }

    [Fact]
    public async Task Idle_connections_are_closed_with_a_farewell()
    {
        var server = _world.Server(1);
        await _world.SendAsync();
        Assert.DoesNotContain("QUIT", server.Commands);
        await Eventually.TrueAsync(() => server.Commands.Contains("QUIT"));
    }

    [Fact]
    public async Task No_more_connections_to_a_server_than_allowed()
    {
        var server = _world.Server(1);
        _world.Settings.ConnectionsPerHost = 3;
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _world.SendAsync()));
        Assert.All(results, static result => Assert.Equal(HandOverKind.Accepted, result.Kind));
        Assert.Equal(40, server.Mails.Count);
        Assert.InRange(server.Connections, 1, 3);
    }

    [Fact]
    public async Task A_server_that_could_not_be_reached_is_passed_over_for_a_while()
    {
        var first = _world.Server(1);
        first.Greeting = "421 too busy";
        var second = _world.Server(2);
        for (int i = 0; i < 5; i++) Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.Equal((1, 5), (first.Connections, second.Mails.Count));
    }

    [Fact]
    public async Task Says_why_where_nobody_could_be_reached()
    {
        _world.Exchanger(9);
        var result = await _world.SendAsync();
        Assert.Equal(HandOverKind.Deferred, result.Kind);
        Assert.StartsWith("mx9.far.test: it cannot be reached", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("(a moment ago)", (await _world.SendAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_fit_is_not_begun()
    {
        var server = _world.Server(1);
        server.Extensions = ["SIZE 100"];
        var large = await _world.SendAsync(new string('x', 101));
        Assert.Equal((HandOverKind.Rejected, "mx1.far.test takes mail of up to 100 bytes, this one has 101"), (large.Kind, large.Error));
        Assert.Equal(HandOverKind.Rejected, (await _world.SendAsync(needs: MailNeeds.Utf8)).Kind);
        Assert.DoesNotContain(server.Commands, static line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("8BITMIME", "MAIL FROM:<alice@example.test> BODY=8BITMIME", "Grüße\r\n")]
    [InlineData("HELP", "MAIL FROM:<alice@example.test>", "Gr=C3=BC=C3=9Fe\r\n")]
    public async Task Eight_bits_go_as_such_where_they_are_taken_and_converted_where_they_are_not(string extension, string command, string body)
    {
        var server = _world.Server(1);
        server.Extensions = [extension];
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync("Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n")).Kind);
        Assert.Contains(command, server.Commands);
        Assert.EndsWith($"\r\n\r\n{body}", Assert.Single(server.Mails).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eight_bits_that_cannot_be_converted_come_back_where_they_are_not_taken()
    {
        var server = _world.Server(1);
        server.Extensions = ["PIPELINING"];
        var result = await _world.SendAsync("MIME-Version: 1.0\r\nContent-Type: message/partial; id=x; number=1; total=2\r\n\r\nGrüße\r\n");
        Assert.Equal((HandOverKind.Rejected, ("5.6.3", false)), (result.Kind, DsnStatus.Of(result.Error, isPermanent: true)));
        Assert.DoesNotContain(server.Commands, static line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_second_server_gets_the_form_that_it_takes()
    {
        var first = _world.Server(1);
        first.Answer = static line => line.StartsWith("MAIL", StringComparison.Ordinal) ? "451 later" : null;
        var second = _world.Server(2);
        second.Extensions = [];
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync("Subject: Grüße\r\n\r\nGrüße\r\n")).Kind);
        Assert.Contains("MAIL FROM:<alice@example.test> SIZE=29 BODY=8BITMIME", first.Commands);
        string text = Assert.Single(second.Mails).Text;
        Assert.True(text.All(char.IsAscii));
        Assert.Contains("Subject: =?utf-8?", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_line_leaves_that_is_too_long()
    {
        var server = _world.Server(1);
        string word = new('x', 2000);
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync($"Subject: x\r\nno field {word}\r\n\r\n{word}\r\n")).Kind);
        string text = Assert.Single(server.Mails).Text;
        Assert.All(text.Split("\r\n"), static line => Assert.InRange(line.Length, 0, 998));
        Assert.Equal(word, MimeMessage.Load(new MemoryStream(Encoding.ASCII.GetBytes(text))).TextBody!.Trim());
        Assert.Contains($"no field {word}", text.Replace("\r\n ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_a_server_that_offers_dsn_what_to_notify_of()
    {
        var server = _world.Server(1);
        server.Extensions = ["PIPELINING", "DSN", "SMTPUTF8"];
        await _world.SendAsync(["b+ob@far.test"], needs: MailNeeds.Utf8);
        Assert.Contains("MAIL FROM:<alice@example.test> SMTPUTF8 RET=HDRS ENVID=id-1", server.Commands);
        Assert.Contains("RCPT TO:<b+ob@far.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b+2Bob@far.test", server.Commands);
    }
}
