using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>A domain of which some mailboxes are here and the others on a legacy server: who gets what, and who is asked first.</summary>
public sealed class HybridTests : IAsyncLifetime
{
    private HybridWorld _world = null!;

    public async Task InitializeAsync() => _world = await HybridWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task An_address_that_is_not_here_is_asked_about_and_its_mail_goes_on_as_it_came()
    {
        string mail = HybridWorld.Mail("one");
        Assert.StartsWith("250", (await _world.SendAsync(mail)).Last, StringComparison.Ordinal);
        var relayed = await _world.Legacy.NextAsync();
        Assert.Equal(["old@example.test"], relayed.Recipients);
        Assert.Matches("^SRS0=[a-z2-7]{6}=[a-z2-7]{2}=mail\\.test=bob@example\\.test$", relayed.Sender);
        string text = HybridWorld.Text(relayed);
        Assert.StartsWith("Received: from out.test ([127.0.0.1])\r\n\tby gw.example.test with ESMTP\r\n\tfor <old@example.test>; ", text, StringComparison.Ordinal);
        Assert.EndsWith($" +0000\r\n{mail}", text, StringComparison.Ordinal);
        Assert.Equal(["MAIL FROM:<>", "RCPT TO:<old@example.test>", "RSET"], _world.Legacy.Heard.Skip(1).Take(3));
        Assert.Empty(await _world.InboxAsync());
    }

    [Fact]
    public async Task Eight_bits_go_on_as_they_came_or_converted_and_lines_short()
    {
        string mail = HybridWorld.Mail("eight", "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n", "Gr\u00fc\u00dfe");
        await _world.SendAsync(mail);
        Assert.EndsWith(mail, HybridWorld.Text(await _world.Legacy.NextAsync()), StringComparison.Ordinal);
        Assert.Contains(_world.Legacy.Heard, static line => line.StartsWith("MAIL FROM:<SRS0=", StringComparison.Ordinal) && line.EndsWith(" BODY=8BITMIME", StringComparison.Ordinal));

        await using var old = await HybridWorld.StartAsync(new OutsideServer { TakesEightBits = false });
        await old.SendAsync(mail);
        var converted = await old.Legacy.NextAsync();
        Assert.EndsWith("\r\n\r\nGr=FC=DFe\r\n", HybridWorld.Text(converted), StringComparison.Ordinal);
        Assert.DoesNotContain(old.Legacy.Heard, static line => line.Contains("8BITMIME", StringComparison.Ordinal));

        string word = new('x', 3000);
        await _world.SendAsync(HybridWorld.Mail("long", body: word));
        var relayed = await _world.Legacy.NextAsync();
        Assert.All(HybridWorld.Text(relayed).Split("\r\n"), static line => Assert.InRange(line.Length, 0, 998));
        Assert.Equal(word, relayed.Message.TextBody!.Trim());
    }

    [Fact]
    public async Task An_address_that_the_legacy_server_does_not_know_is_refused_and_not_asked_about_again()
    {
        _world.Legacy.Refusals["RCPT nobody@example.test"] = "550 5.1.1 Who?";
        Assert.StartsWith("550 5.1.1", (await _world.SendAsync(HybridWorld.Mail("two"), recipients: "<nobody@example.test>")).Last, StringComparison.Ordinal);
        Assert.StartsWith("550 5.1.1", (await _world.SendAsync(HybridWorld.Mail("two"), recipients: "<nobody@example.test>")).Last, StringComparison.Ordinal);
        Assert.Single(_world.Legacy.Heard, static line => line == "RCPT TO:<nobody@example.test>");
        Assert.False(_world.Legacy.HasMail);
    }

    [Fact]
    public async Task While_the_legacy_server_is_away_unknown_addresses_come_again_later_and_known_ones_are_taken()
    {
        await _world.SendAsync(HybridWorld.Mail("three"));
        await _world.Legacy.NextAsync();
        _world.Legacy.Refusals["CONNECT"] = "421 4.3.2 Away";
        _world.Legacy.Refusals["MAIL"] = "421 4.3.2 Away";
        Assert.StartsWith("451 4.4.1", (await _world.SendAsync(HybridWorld.Mail("four"), recipients: "<other@example.test>")).Last, StringComparison.Ordinal);
        Assert.StartsWith("250", (await _world.SendAsync(HybridWorld.Mail("four"))).Last, StringComparison.Ordinal);
        Assert.False(_world.Legacy.HasMail);
    }

    [Fact]
    public async Task One_mail_for_somebody_here_and_somebody_there_reaches_both()
    {
        var answers = await _world.SendAsync(HybridWorld.Mail("five"), recipients: ["<alice@example.test>", "<old@example.test>"]);
        Assert.All(answers.Recipients, static reply => Assert.StartsWith("250", reply, StringComparison.Ordinal));
        Assert.Equal(["old@example.test"], (await _world.Legacy.NextAsync()).Recipients);
        Assert.Equal("Lunch", (string?)Assert.Single(await _world.InboxAsync())!["subject"]);
        Assert.DoesNotContain("RCPT TO:<alice@example.test>", _world.Legacy.Heard);
    }

    [Fact]
    public async Task A_mail_that_comes_again_is_relayed_once()
    {
        string mail = HybridWorld.Mail("six");
        await _world.SendAsync(mail);
        Assert.StartsWith("250", (await _world.SendAsync(mail)).Last, StringComparison.Ordinal);
        await _world.SendAsync(HybridWorld.Mail("seven"));
        Assert.Equal(["six@mail.test", "seven@mail.test"], new[] { (await _world.Legacy.NextAsync()).Message.MessageId, (await _world.Legacy.NextAsync()).Message.MessageId }.Order(StringComparer.Ordinal).Reverse());
        await _world.SettleAsync();
        Assert.False(_world.Legacy.HasMail);
    }

    [Fact]
    public async Task A_mail_that_comes_back_from_the_legacy_server_is_refused_and_goes_round_no_more()
    {
        await _world.SendAsync(HybridWorld.Mail("eight"));
        string relayed = HybridWorld.Text(await _world.Legacy.NextAsync());
        Assert.StartsWith("554 5.4.6", (await _world.SendAsync(relayed)).Last, StringComparison.Ordinal);
        Assert.StartsWith("554 5.4.6", (await _world.SendAsync(HybridWorld.Mail("nine", "Delivered-To: old@example.test\r\n"))).Last, StringComparison.Ordinal);
        // By way of a list over there it comes for somebody else: that is no circle.
        Assert.StartsWith("250", (await _world.SendAsync(relayed, recipients: "<member@example.test>")).Last, StringComparison.Ordinal);
        Assert.Equal(["member@example.test"], (await _world.Legacy.NextAsync()).Recipients);
    }

    [Fact]
    public async Task Choices_send_mail_here_there_or_to_both()
    {
        await _world.ChooseAsync("alice@example.test", "both");
        await _world.SendAsync(HybridWorld.Mail("both"), recipients: "<alice@example.test>");
        Assert.Equal("both@mail.test", (await _world.Legacy.NextAsync()).Message.MessageId);
        Assert.Single(await _world.InboxAsync());

        await _world.ChooseAsync("alice@example.test", "email");
        await _world.SendAsync(HybridWorld.Mail("email"), recipients: "<alice@example.test>");
        Assert.Equal("email@mail.test", (await _world.Legacy.NextAsync()).Message.MessageId);
        Assert.Single(await _world.InboxAsync());

        await _world.ChooseAsync("alice@example.test", "smxp");
        await _world.SendAsync(HybridWorld.Mail("smxp"), recipients: "<alice@example.test>");
        Assert.Equal(2, (await _world.InboxAsync()).Count);
        await _world.SettleAsync();
        Assert.False(_world.Legacy.HasMail);
    }

    [Fact]
    public async Task A_copy_that_fails_bounces_to_nobody()
    {
        await _world.ChooseAsync("alice@example.test", "both");
        _world.Legacy.Refusals["RCPT alice@example.test"] = "550 5.2.1 Closed";
        await _world.SendAsync(HybridWorld.Mail("copy"), recipients: "<alice@example.test>");
        Assert.Single(await _world.InboxAsync());
        await _world.SettleAsync();
        Assert.Contains("RCPT TO:<alice@example.test>", _world.Legacy.Heard);
        Assert.False(_world.Outside.HasMail);
    }

    [Fact]
    public async Task A_message_from_here_to_an_address_there_goes_as_email()
    {
        Assert.Equal("sent", (string?)(await SendMessageAsync("old@example.test"))["status"]);
        var mail = await _world.Legacy.NextAsync();
        Assert.Equal(("alice@example.test", "Are you there?"), (mail.Message.From.Mailboxes.Single().Address, mail.Message.TextBody!.Trim()));

        _world.Legacy.Refusals["RCPT nobody@example.test"] = "550 5.1.1 Who?";
        using var answer = await _world.Alice.PostAsJsonAsync("/.smxp/mail/send", new { to = "nobody@example.test", body = "?" });
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_message_to_an_inbox_with_a_copy_that_comes_back_is_not_stored_twice()
    {
        using var bob = await _world.Server.SignInNewAsync("bob@example.test");
        await _world.ChooseAsync("bob@example.test", "both");
        Assert.Equal("sent", (string?)(await SendMessageAsync("bob@example.test"))["status"]);
        string copy = HybridWorld.Text(await _world.Legacy.NextAsync());
        Assert.StartsWith("250", (await _world.SendAsync(copy, "<alice@example.test>", "<bob@example.test>")).Last, StringComparison.Ordinal);
        await _world.SettleAsync();
        Assert.Single((await bob.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray());
        Assert.False(_world.Legacy.HasMail);
    }

    [Fact]
    public async Task A_message_from_another_server_to_an_address_there_goes_as_email()
    {
        await using var peer = await TestServer.StartAsync(settings =>
        {
            settings.Hosts["example.test"] = _world.Server.BaseAddress.ToString().TrimEnd('/');
            settings.With("Smxp:Federation:FirstAttemptMilliseconds", "20000");
        });
        await _world.Server.RestartAsync(settings => settings.Hosts["peer.test"] = peer.BaseAddress.ToString().TrimEnd('/'));
        using var carol = await peer.SignInNewAsync("carol@peer.test");
        using var sent = await carol.PostAsJsonAsync("/.smxp/mail/send", new { to = "old@example.test", body = "From afar" });
        Assert.Equal("sent", (string?)(await sent.Content.ReadFromJsonAsync<JsonObject>())!["results"]![0]!["status"]);
        Assert.Equal("carol@peer.test", (await _world.Legacy.NextAsync()).Message.From.Mailboxes.Single().Address);

        _world.Legacy.Refusals["RCPT nobody@example.test"] = "550 5.1.1 Who?";
        using var refused = await carol.PostAsJsonAsync("/.smxp/mail/send", new { to = "nobody@example.test", body = "From afar" });
        Assert.Equal("failed", (string?)(await refused.Content.ReadFromJsonAsync<JsonObject>())!["results"]![0]!["status"]);
    }

    [Fact]
    public async Task One_command_moves_an_address_and_one_moves_it_back()
    {
        await _world.SendAsync(HybridWorld.Mail("before"));
        await _world.Legacy.NextAsync();

        var (code, output, error) = await RunAsync("address", "migrate", "old@example.test", "--deliver", "both");
        Assert.True(code == 0, error);
        Assert.Contains("old@example.test has an inbox now.", output, StringComparison.Ordinal);
        Assert.Contains("Password (shown this once): ", output, StringComparison.Ordinal);
        Assert.Contains($"a copy to smtp://127.0.0.1:{_world.Legacy.Port}", output, StringComparison.Ordinal);
        await _world.SendAsync(HybridWorld.Mail("during"));
        Assert.Equal("during@mail.test", (await _world.Legacy.NextAsync()).Message.MessageId);

        (code, output, error) = await RunAsync("address", "migrate", "old@example.test");
        Assert.True(code == 0, error);
        Assert.Contains("no longer to smtp://", output, StringComparison.Ordinal);
        await _world.SendAsync(HybridWorld.Mail("moved"));
        Assert.Contains("old@example.test\tinbox\t\tsmxp", (await RunAsync("address", "list")).Output, StringComparison.Ordinal);

        (code, output, error) = await RunAsync("address", "migrate", "old@example.test", "--undo");
        Assert.True(code == 0, error);
        Assert.Contains("goes to smtp://", output, StringComparison.Ordinal);
        Assert.Contains("arrived on SMXP meanwhile", output, StringComparison.Ordinal);
        Assert.Contains("old@example.test\tinbox\t\temail", (await RunAsync("address", "list")).Output, StringComparison.Ordinal);
        await _world.SendAsync(HybridWorld.Mail("after"));
        Assert.Equal("after@mail.test", (await _world.Legacy.NextAsync()).Message.MessageId);

        using var old = _world.Server.NewClient(await _world.Server.NewTokenAsync("old@example.test"));
        var inbox = (await old.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray();
        Assert.Equal(2, inbox.Count);

        (code, _, error) = await RunAsync("address", "migrate", "old@elsewhere.test");
        Assert.Equal(1, code);
        Assert.Contains("is no hybrid domain", error, StringComparison.Ordinal);
    }

    private async Task<JsonNode> SendMessageAsync(string to)
    {
        using var answer = await _world.Alice.PostAsJsonAsync("/.smxp/mail/send", new { to, body = "Are you there?" });
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["results"]![0]!;
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] command) =>
        TestServerProcess.RunAsync([.. command, "--admin-secret", TestServer.AdminSecret, "--server", _world.Server.BaseAddress.ToString()]);
}
