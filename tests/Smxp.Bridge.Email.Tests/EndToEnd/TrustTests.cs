using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Smxp.Mail.Authentication.Dkim;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Where mail comes from, with the real host, a real name server and mail byte for byte: each verdict, on the row, over the API and in the SMTP answer.</summary>
public sealed class TrustTests(TrustWorld world) : IClassFixture<TrustWorld>
{
    [Fact]
    public async Task A_mail_that_its_author_s_domain_sends_is_verified()
    {
        world.Zone.Text("good.test", "v=spf1 ip4:127.0.0.1 -all").Text("_dmarc.good.test", "v=DMARC1; p=reject");
        var (row, client) = await world.ReceiveAsync(TrustWorld.Mail("Bob <bob@good.test>"), "bob@good.test");
        Assert.Equal((1, "pass none pass none none"), ((int)row["verified"]!, Summary(row)));

        var all = (await client.GetFromJsonAsync<JsonObject>($"/.smxp/bridge/email/messages/{(string?)row["id"]}/authentication"))!;
        Assert.Equal(TrustWorld.HostName, (string?)all["authserv_id"]);
        var dmarc = all["results"]!.AsArray().Single(static result => (string?)result!["method"] == "dmarc")!;
        Assert.Equal(("pass", "good.test"), ((string?)dmarc["result"], (string?)dmarc["properties"]!["header.from"]));
        var spf = all["results"]!.AsArray().Single(static result => (string?)result!["method"] == "spf")!;
        Assert.Equal(("pass", "bob@good.test"), ((string?)spf["result"], (string?)spf["properties"]!["smtp.mailfrom"]));
    }

    [Fact]
    public async Task A_signature_vouches_where_the_way_does_not()
    {
        using var key = DkimKey.Generate(DkimAlgorithm.RsaSha256);
        world.Zone.Text("_dmarc.signed.test", "v=DMARC1; p=reject").Text("k1._domainkey.signed.test", [.. key.DnsStrings]);
        string mail = TrustWorld.Mail("bob@signed.test");
        string signature = Assert.Single(await new DkimSigner("signed.test", [new DkimSigningKey("k1", key)], TimeProvider.System).SignAsync(new MemoryStream(Encoding.ASCII.GetBytes(mail)), CancellationToken.None));
        var (row, _) = await world.ReceiveAsync($"{signature}\r\n{mail}", "bounces@elsewhere.test");
        Assert.Equal((1, "none pass pass none none"), ((int)row["verified"]!, Summary(row)));

        var (address, client) = await world.NewInboxAsync();
        string reply = await world.DeliverAsync($"{signature}\r\n{mail.Replace("Hello\r\n", "Hullo\r\n", StringComparison.Ordinal)}", address, "bounces@elsewhere.test");
        Assert.StartsWith("550 5.7.1", reply, StringComparison.Ordinal);
        Assert.Contains("DKIM fail for signed.test", reply, StringComparison.Ordinal);
        Assert.Empty(await TrustWorld.InboxAsync(client));
    }

    [Fact]
    public async Task What_the_author_s_domain_asks_to_refuse_is_refused_with_the_reason()
    {
        world.Zone.Text("forged.test", "v=spf1 ip4:192.0.2.1 -all").Text("_dmarc.forged.test", "v=DMARC1; p=reject");
        var (address, client) = await world.NewInboxAsync();
        string reply = await world.DeliverAsync(TrustWorld.Mail("boss@forged.test"), address, "boss@forged.test");
        Assert.Equal("550 5.7.1 Refused by the DMARC policy of forged.test (p=reject): neither SPF nor a signature vouches for forged.test; SPF fail for forged.test, no DKIM signature", reply);
        Assert.Empty(await TrustWorld.InboxAsync(client));
    }

    [Theory]
    [InlineData("quarantined.test", "v=DMARC1; p=quarantine", "none none fail none quarantine")]
    [InlineData("watched.test", "v=DMARC1; p=none", "none none fail none none")]
    [InlineData("sampled.test", "v=DMARC1; p=reject; pct=0", "none none fail none quarantine")]
    [InlineData("lenient.test", "v=DMARC1; p=reject", "none none fail none quarantine")]
    [InlineData("sub.lenient.test", "v=DMARC1; p=reject", "none none fail none quarantine")]
    [InlineData("silent.test", null, "none none none none none")]
    public async Task A_mail_that_nobody_vouches_for_is_treated_as_its_domain_and_the_operator_ask(string domain, string? policy, string expected)
    {
        if (policy is not null) world.Zone.Text($"_dmarc.{domain}", policy);
        var (row, _) = await world.ReceiveAsync(TrustWorld.Mail($"bob@{domain}"));
        Assert.Equal((0, expected), ((int)row["verified"]!, Summary(row)));
    }

    [Fact]
    public async Task An_operator_may_refuse_what_a_domain_only_asks_to_quarantine()
    {
        world.Zone.Text("_dmarc.strict.test", "v=DMARC1; p=quarantine");
        var (address, _) = await world.NewInboxAsync();
        Assert.StartsWith("550 5.7.1 Refused by the DMARC policy of strict.test (p=quarantine)", await world.DeliverAsync(TrustWorld.Mail("bob@strict.test"), address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_name_servers_fail_mail_comes_unverified_or_later()
    {
        world.Zone.Codes["_dmarc.ill.test"] = 2;
        world.Zone.Codes["_dmarc.later.test"] = 2;
        var (row, _) = await world.ReceiveAsync(TrustWorld.Mail("bob@ill.test"));
        Assert.Equal((0, "none none temperror none none"), ((int)row["verified"]!, Summary(row)));

        var (address, client) = await world.NewInboxAsync();
        string reply = await world.DeliverAsync(TrustWorld.Mail("bob@later.test"), address);
        Assert.StartsWith("451 4.7.1 Whether later.test vouches for this mail", reply, StringComparison.Ordinal);
        Assert.Empty(await TrustWorld.InboxAsync(client));
    }

    [Fact]
    public async Task What_a_trusted_list_changed_passes_by_its_seal_and_another_list_s_does_not()
    {
        world.Zone.Text("_dmarc.member.test", "v=DMARC1; p=reject");
        using var list = new ListServer("list.test");
        using var other = new ListServer("other-list.test");
        foreach (var server in new[] { list, other }) world.Zone.Text($"arc._domainkey.{server.Domain}", [.. server.KeyStrings]);
        string mail = TrustWorld.Mail("bob@member.test");
        var (row, _) = await world.ReceiveAsync(await list.ForwardAsync(mail, "dmarc=pass header.from=member.test"), "list@list.test");
        Assert.Equal((0, "none none fail pass none"), ((int)row["verified"]!, Summary(row)));

        var (address, _) = await world.NewInboxAsync();
        Assert.StartsWith("550 5.7.1", await world.DeliverAsync(await other.ForwardAsync(mail, "dmarc=pass header.from=member.test"), address, "list@other-list.test"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.7.1", await world.DeliverAsync(await list.ForwardAsync(mail, "dmarc=fail header.from=member.test"), address, "list@list.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notification_without_a_return_path_is_not_refused_for_it()
    {
        var (row, _) = await world.ReceiveAsync(TrustWorld.Mail("MAILER-DAEMON@bounces.test", "Auto-Submitted: auto-replied\r\n"), "");
        Assert.Equal("none none none none none", Summary(row));
    }

    [Fact]
    public async Task Results_that_strangers_write_in_our_name_are_served_under_another()
    {
        string claimed = $"Authentication-Results: {TrustWorld.HostName};\r\n\tdmarc=pass header.from=bank.test\r\n";
        string mail = TrustWorld.Mail("bob@claims.test", $"{claimed}Authentication-Results: mx.elsewhere.test; spf=pass\r\n");
        var (row, client) = await world.ReceiveAsync(mail);
        string original = await client.GetStringAsync(new Uri($"/.smxp/bridge/email/messages/{(string?)row["id"]}/original", UriKind.Relative));
        Assert.Equal(mail.Replace(claimed, claimed.Replace("Authentication-Results", "X-Foreign-Auth-Results", StringComparison.Ordinal), StringComparison.Ordinal), original);
    }

    [Fact]
    public async Task What_was_found_is_told_to_nobody_but_the_mailbox()
    {
        var (row, _) = await world.ReceiveAsync(TrustWorld.Mail("bob@private.test"));
        var (_, other) = await world.NewInboxAsync();
        using var answer = await other.GetAsync(new Uri($"/.smxp/bridge/email/messages/{(string?)row["id"]}/authentication", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static string Summary(JsonObject row)
    {
        var found = row["authentication"]!;
        return string.Join(' ', new[] { "spf", "dkim", "dmarc", "arc", "policy" }.Select(name => (string?)found[name]));
    }
}
