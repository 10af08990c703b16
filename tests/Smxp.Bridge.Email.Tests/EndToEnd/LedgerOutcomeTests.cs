using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>How the ledger says mail ended that no attempt tells the end of, and what it says of mail that went on without lying in a mailbox, and of mail about mail.</summary>
public sealed class LedgerOutcomeTests
{
    [Fact]
    public async Task What_was_given_up_when_its_time_ran_out_has_failed()
    {
        var clock = new ForwardClock();
        await using var world = await MailWorld.StartAsync(settings => settings.Time = clock);
        world.Outside.Refusals["RCPT"] = "451 4.7.1 Greylisted";
        string id = (string)(await MailWorld.SendAsync(world.Alice, new { to = "bob@mail.test", body = "Patience" }))[0]!["id"]!;
        Assert.Equal("waiting", (string?)Assert.Single(await LedgerAsync(world.Alice))["outcome"]);
        clock.Ahead = TimeSpan.FromDays(6);
        await world.HurryAsync();

        var line = await Eventually.GetAsync(async () => (await LedgerAsync(world.Alice)).SingleOrDefault(static line => (string?)line["outcome"] == "failed"));
        Assert.StartsWith("gave up after 2 attempts: ", (string?)line["reply"], StringComparison.Ordinal);
        Assert.Equal(["waiting", "waiting"], line["attempts"]!.AsArray().Select(static attempt => (string?)attempt!["outcome"]));
        Assert.Contains(await StoryAsync(world.Alice, $"bridge/email/trace/{id}"), static line => line.StartsWith("It was given up on ", StringComparison.Ordinal) && line.EndsWith("451 4.7.1 Greylisted.", StringComparison.Ordinal));
        Assert.Equal("failed", (string?)(await MailWorld.RowAsync(world.Alice, id))["status"]);
    }

    [Fact]
    public async Task What_the_operator_dropped_has_failed_though_nothing_was_tried()
    {
        await using var world = await MailWorld.StartAsync(static settings => settings.With("Smxp:Bridge:Email:Outbound:HoldSeconds", "3600").With("Smxp:Federation:FirstAttemptMilliseconds", "100"));
        string id = (string)(await MailWorld.SendAsync(world.Alice, new { to = "bob@mail.test", body = "Never mind" }))[0]!["id"]!;
        using var admin = world.Server.NewAdminClient();
        var entry = Assert.Single((await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/queue"))!["entries"]!.AsArray())!;
        using var dropped = await admin.DeleteAsync(new Uri($"/.smxp/admin/queue/{(string)entry["id"]!}", UriKind.Relative));
        dropped.EnsureSuccessStatusCode();
        var line = Assert.Single(await LedgerAsync(world.Alice));
        Assert.Equal(("failed", "dropped by the operator", id, $"{id}@example.test"), ((string?)line["outcome"], (string?)line["reply"], (string?)line["id"], (string?)line["message_id"]));
        Assert.False(world.Outside.HasMail);
    }

    [Fact]
    public async Task A_bounce_is_in_the_ledger_and_in_the_story_of_what_it_speaks_of()
    {
        await using var world = await MailWorld.StartAsync();
        string id = (string)(await MailWorld.SendAsync(world.Alice, new { to = "bob@mail.test", body = "Hello" }))[0]!["id"]!;
        string messageId = (await world.Outside.NextAsync()).Message.MessageId!;
        await world.DeliverFromAsync("", Bounce("delay", messageId, "delayed", "451 4.2.2 mailbox full"));
        await world.DeliverFromAsync("", Bounce("bounce", messageId, "failed", "550 5.1.1 no such user"));
        await world.DeliverFromAsync("", Bounce("bounce", messageId, "failed", "550 5.1.1 no such user"));

        Assert.Equal(["duplicate", "failed", "reported", "reported"], (await LedgerAsync(world.Alice)).Select(static line => (string?)line["outcome"]).Order());
        var reported = (await LedgerAsync(world.Alice, "outcome=reported")).Single(static line => (string?)line["message_id"] == "bounce@mail.test");
        Assert.Equal(("in", id, "MAILER-DAEMON@mail.test", "failed: mx.mail.test: 550 5.1.1 no such user"), ((string?)reported["direction"], (string?)reported["id"], (string?)reported["from"], (string?)reported["reply"]));

        using var admin = world.Server.NewAdminClient();
        string[] story = await StoryAsync(admin, $"admin/bridge/email/trace/{messageId}");
        Assert.Equal(story, await StoryAsync(world.Alice, $"bridge/email/trace/{id}"));
        Assert.StartsWith($"Message {id} by alice@example.test to bob@mail.test was sent on ", story[0], StringComparison.Ordinal);
        Assert.Matches("^A notification that came on .* UTC said that it is late: delayed: mx.mail.test: 451 4.2.2 mailbox full\\.$", story[^2]);
        Assert.Matches("^A notification that came on .* UTC said that it could not be delivered: failed: mx.mail.test: 550 5.1.1 no such user\\.$", story[^1]);
        story = await StoryAsync(world.Alice, "bridge/email/trace/bounce@mail.test");
        Assert.Contains($"It became no message, for it speaks of message {id}, which had left here: failed: mx.mail.test: 550 5.1.1 no such user.", story);
    }

    [Fact]
    public async Task A_read_receipt_is_in_the_ledger()
    {
        await using var world = await MailWorld.StartAsync();
        string id = (string)(await MailWorld.SendAsync(world.Alice, new { to = "bob@mail.test", body = "Did you see?", request_receipt = true }))[0]!["id"]!;
        string messageId = (await world.Outside.NextAsync()).Message.MessageId!;
        await world.DeliverFromAsync("", "From: bob@mail.test\nTo: alice@example.test\nSubject: Read\nMessage-ID: <read@mail.test>\nMIME-Version: 1.0\n"
            + "Content-Type: multipart/report; report-type=disposition-notification; boundary=\"b\"\n\n--b\n\nIt was read.\n--b\nContent-Type: message/disposition-notification\n\n"
            + $"Reporting-UA: mail.test; Reader\nFinal-Recipient: rfc822; bob@mail.test\nOriginal-Message-ID: <{messageId}>\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--b--\n");
        var line = Assert.Single(await LedgerAsync(world.Alice, "outcome=reported"));
        Assert.Equal((id, "it was read", "read@mail.test"), ((string?)line["id"], (string?)line["reply"], (string?)line["message_id"]));
        Assert.Equal("sent", (string?)Assert.Single(await LedgerAsync(world.Alice, "direction=out"))["outcome"]);
    }

    [Fact]
    public async Task The_story_of_relayed_mail_is_found_by_its_Message_ID()
    {
        var clock = new ForwardClock();
        await using var world = await HybridWorld.StartAsync(configure: settings => settings.Time = clock);
        world.Legacy.Refusals["."] = "451 4.3.0 Not now";
        await world.SendAsync(HybridWorld.Mail("late"));
        using var admin = world.Server.NewAdminClient();
        await Eventually.TrueAsync(async () => (await LedgerAsync(admin, "direction=relay", "admin/bridge")).Count == 1);
        clock.Ahead = TimeSpan.FromDays(6);
        await world.RetryAsync();
        await world.Outside.NextAsync();
        await world.SettleAsync();
        string[] story = await StoryAsync(admin, "admin/bridge/email/trace/late@mail.test");
        Assert.Matches("^A mail by bob@mail.test came on .* UTC, to be passed on as it is\\.$", story[0]);
        Assert.Equal("It left as mail <late@mail.test> for old@example.test.", story[1]);
        Assert.Matches("^It was given up on .* UTC: gave up after 2 attempts: .*451 4.3.0 Not now\\.$", story[^1]);

        var (code, output, error) = await TestServerProcess.RunAsync("bridge", "trace", "<late@mail.test>", "--server", world.Server.BaseAddress.ToString(), "--admin-secret", TestServer.AdminSecret);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(["Beyond the mailboxes here:", .. story], output.Trim().Split('\n').Select(static line => line.TrimEnd()));
    }

    private static string Bounce(string name, string original, string action, string diagnostic) =>
        $"From: MAILER-DAEMON@mail.test\nTo: alice@example.test\nSubject: Undelivered\nMessage-ID: <{name}@mail.test>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        + "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\n\nIt did not arrive.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.mail.test\n\n"
        + $"Final-Recipient: rfc822; bob@mail.test\nAction: {action}\nStatus: 5.1.1\nRemote-MTA: dns; mx.mail.test\nDiagnostic-Code: smtp; {diagnostic}\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{original}>\n\n--b--\n";

    private static async Task<IReadOnlyList<JsonNode>> LedgerAsync(HttpClient client, string query = "", string root = "bridge") =>
        [.. (await client.GetFromJsonAsync<JsonObject>($"/.smxp/{root}/email/ledger?{query}"))!["crossings"]!.AsArray().Select(static line => line!)];

    private static async Task<string[]> StoryAsync(HttpClient client, string path) =>
        [.. Assert.Single((await client.GetFromJsonAsync<JsonObject>($"/.smxp/{path}"))!["traces"]!.AsArray())!["story"]!.AsArray().Select(static line => (string)line!)];
}
