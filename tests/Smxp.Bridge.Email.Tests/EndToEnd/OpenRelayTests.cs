namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Everything that has ever made a mail server send for strangers, tried on a gateway with a puppet domain. Each is refused, and the world's mail servers see nothing.</summary>
public sealed class OpenRelayTests(OpenRelayTests.Fixture fixture) : IClassFixture<OpenRelayTests.Fixture>, IAsyncLifetime
{
    private readonly PuppetWorld _world = fixture.World;

    public static TheoryData<string> Recipients => new(
        // Foreign domains, plainly and by the old ways of naming a route.
        "victim@mail.example",
        "victim%mail.example@gw.example",
        "victim%mail.example@local.test",
        "victim%mail.example",
        "mail.example!victim@gw.example",
        "mail.example!victim",
        "gw.example!mail.example!victim@local.test",
        "@gw.example:victim@mail.example",
        "@gw.example,@local.test:victim@mail.example",
        "@mail.example:victim@mail.example",
        "\"victim@mail.example\"@gw.example",
        "\"victim@mail.example\"",
        "\"victim\\@mail.example\"@gw.example",
        "victim@mail.example@gw.example",
        "victim@mail.example:25",
        "victim@[127.0.0.1]",
        "victim@[IPv6:::1]",
        "\"victim@mail.example\"@[127.0.0.1]",
        "bob_at_mail.example@[127.0.0.1]",
        "victim@",
        "@gw.example",
        "@",
        "victim@mail.example.",
        "victim@.mail.example",
        "victim@mail..example",
        // Puppets of people who are not on SMXP here: mail for them would go out again.
        "victim_at_mail.example@gw.example",
        "VICTIM_AT_MAIL.EXAMPLE@GW.EXAMPLE",
        "victim_at_mail.example@gw.example.",
        "victim_at_mail.example.@gw.example",
        "victim_at_stranger.test@gw.example",
        // Puppets of people of other.test, which is allowed, by spellings that are none.
        "alice_at_OTHER.test.@gw.example",
        "alice_40mail.example_at_other.test@gw.example",
        "_61lice_at_other.test@gw.example",
        "ali_2Bce_at_other.test@mail.example",
        "alice+x_at_other.test@gw.example",
        "alice%mail.example_at_other.test@gw.example",
        "mail.example!alice_at_other.test@gw.example",
        "alice_at_other.test%mail.example@gw.example",
        "\"alice_at_other.test\\\"@mail.example\"@gw.example",
        "alice_00_at_other.test@gw.example",
        "alice_0d_0aRCPT_20TO_at_other.test@gw.example",
        "alice_c3_28_at_other.test@gw.example",
        "_at_other.test@gw.example",
        "alice_at_@gw.example",
        // Puppets of puppets, of local addresses, of the gateway's own domains.
        "bob_5fat_5fmail.example_at_gw.example@gw.example",
        "bob_at_mail.example_at_gw.example@gw.example",
        "bob_5fat_5fmail.example_at_other.test@gw.example",
        "carol_at_local.test@gw.example",
        "alice_5fat_5fother.test_at_local.test@gw.example",
        "postmaster_at_gw.example@gw.example",
        "victim_at_mx.gw.example@gw.example",
        // An address of the puppet domain at another of our domains is just an address.
        "alice_at_other.test@local.test",
        "alice_at_other.test@mx.gw.example");

    public static TheoryData<string> Senders => new("stranger@elsewhere.example", "carol@local.test", "postmaster@gw.example", "bob_at_mail.example@gw.example", "");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        Assert.Equal(0, _world.Outside.Connections);
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Recipients))]
    public async Task Nobody_relays_to(string recipient)
    {
        await using var dialog = await SmtpDialog.OpenAsync(_world.Smtp);
        await dialog.SayAsync("EHLO mail.example");
        foreach (string sender in new[] { "stranger@elsewhere.example", "carol@local.test", "" })
        {
            Assert.StartsWith("250", await dialog.SayAsync($"MAIL FROM:<{sender}>"), StringComparison.Ordinal);
            Assert.StartsWith("5", await dialog.SayAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
            Assert.StartsWith("5", await dialog.SayAsync("DATA"), StringComparison.Ordinal);
            Assert.StartsWith("250", await dialog.SayAsync("RSET"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Whoever_says_to_be_the_sender_sends_nothing_out(string sender)
    {
        await using var dialog = await SmtpDialog.OpenAsync(_world.Smtp);
        foreach (string recipient in new[] { "victim@mail.example", "victim_at_mail.example@gw.example", "victim@[192.0.2.1]" })
        {
            Assert.StartsWith("5", await dialog.DeliverAsync(sender, recipient, "Subject: Buy\r\n\r\nBuy!\r\n"), StringComparison.Ordinal);
            await dialog.SayAsync("RSET");
        }
    }

    [Theory]
    [InlineData("carol@local.test", "carol@local.test", "5")] // nobody signs in on this port
    [InlineData("bob_at_mail.example@gw.example", "x@elsewhere.example", "5")]
    [InlineData("stranger@elsewhere.example", "carol@local.test", "5")] // a puppet of somebody here would speak in her name
    [InlineData("stranger@elsewhere.example", "postmaster@gw.example", "5")]
    [InlineData("stranger@elsewhere.example", "bob_at_mail.example@gw.example", "5")]
    public async Task Nobody_writes_to_people_on_smxp_in_the_name_of_people_here(string sender, string author, string reply)
    {
        var alice = fixture.Alice;
        Assert.StartsWith(reply, await _world.DeliverAsync(sender, "alice_at_other.test@gw.example", $"From: {author}\r\n\r\nIt is me.\r\n"), StringComparison.Ordinal);
        Assert.Empty(await PuppetWorld.InboxAsync(alice));
    }

    [Theory]
    [InlineData("RCPT TO:<victim_at_mail\0.example@gw.example>")]
    [InlineData("RCPT TO:<alice_at_other.test@gw.example\0victim@mail.example>")]
    [InlineData("RCPT TO:<alice_at_other.test\r@gw.example>")]
    [InlineData("RCPT TO:victim@mail.example")]
    [InlineData("RCPT TO:<victim@mail.example> NOTIFY=SUCCESS ORCPT=rfc822;carol@local.test")]
    public async Task Lines_that_are_none_relay_nothing(string line)
    {
        await using var dialog = await SmtpDialog.OpenAsync(_world.Smtp);
        await dialog.SayAsync("EHLO mail.example");
        await dialog.SayAsync("MAIL FROM:<stranger@elsewhere.example>");
        Assert.StartsWith("5", await dialog.SayAsync(line), StringComparison.Ordinal);
        // A line that ends where it should not may cost the session; no mail follows either way.
        Assert.Contains((await dialog.SayAsync("DATA"))[0], "45");
    }

    [Fact]
    public async Task Nobody_who_is_not_named_speaks_for_other_clients()
    {
        await using var dialog = await SmtpDialog.OpenAsync(_world.Smtp);
        await dialog.SayAsync("EHLO mail.example");
        Assert.StartsWith("5", await dialog.SayAsync("XCLIENT ADDR=127.0.0.1 LOGIN=carol@local.test"), StringComparison.Ordinal);
        Assert.StartsWith("5", await dialog.DeliverAsync("carol@local.test", "victim@mail.example", "\r\n"), StringComparison.Ordinal);

        await using var proxied = await SmtpDialog.OpenAsync(_world.Smtp);
        Assert.StartsWith("5", await proxied.SayAsync("PROXY TCP4 127.0.0.1 127.0.0.1 25 25"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mallory@stranger.test", "bob_at_mail.example@gw.example", "may not write to email")]
    [InlineData("mallory@stranger.test", "carol_at_local.test@gw.example", "may not write to email")]
    [InlineData("alice_at_mail.example@other.test", "bob_at_mail.example@gw.example", "stands for somebody else")]
    [InlineData("dave@other.test", "carol_at_local.test@gw.example", "write to carol@local.test")]
    [InlineData("dave@other.test", "x_at_gw.example@gw.example", "write to x@gw.example")]
    [InlineData("dave@other.test", "bob_5fat_5fmail.example_at_gw.example@gw.example", "not on email alone")]
    [InlineData("dave@other.test", "bob_5fat_5fmail.example_at_third.example@gw.example", "not on email alone")]
    [InlineData("dave@other.test", "mallory_at_stranger.test@gw.example", "stranger.test is on SMXP")]
    [InlineData("dave@other.test", "victim_25else.example_at_mail.example@gw.example", "not sent for others")]
    [InlineData("dave@other.test", "else.example_21victim_at_mail.example@gw.example", "not sent for others")]
    [InlineData("dave@other.test", "a_20b_at_mail.example@gw.example", "not sent for others")]
    [InlineData("dave@other.test", "_22a_22_at_mail.example@gw.example", "not sent for others")]
    [InlineData("dave@other.test", "bob_40evil.example_at_mail.example@gw.example", "not found")]
    [InlineData("dave@other.test", "_62ob_at_mail.example@gw.example", "not found")]
    [InlineData("a-local-part-that-is-long-enough-to-be-too-long-here@other.test", "bob_at_mail.example@gw.example", "cannot be written")]
    public async Task A_servers_user_is_refused_for_good(string author, string recipient, string words)
    {
        var client = await _world.SignInAsync(_world.Other, author);
        var result = await PuppetWorld.SendAsync(client, new { to = recipient, body = "Buy!" });
        Assert.Equal("failed", (string?)result["status"]);
        Assert.Contains(words, (string?)result["error"], StringComparison.Ordinal);
    }

    /// <summary>One world for all of it.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal PuppetWorld World { get; } = new();

        internal HttpClient Alice { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await World.InitializeAsync();
            Alice = await World.SignInAsync(World.Other, "alice@other.test");
            await World.SignInAsync(World.Gateway, "carol@local.test");
        }

        public Task DisposeAsync() => World.DisposeAsync();
    }
}
