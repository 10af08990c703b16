using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Smxp.Bridge.Email.Relay;
using Smxp.Plugins.Bridge;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>What senders of relayed mail are told, and by which address bounces find back.</summary>
public sealed class RelayNoticeTests
{
    [Fact]
    public async Task A_bounce_goes_to_the_original_sender_and_a_forged_one_to_nobody()
    {
        await using var world = await HybridWorld.StartAsync();
        await world.SendAsync(HybridWorld.Mail("one"));
        string returnPath = (await world.Legacy.NextAsync()).Sender;
        await world.Server.RestartAsync();

        string bounce = "From: MAILER-DAEMON@old.test\r\nSubject: No\r\nMessage-ID: <bounce@old.test>\r\n\r\nSorry.\r\n";
        Assert.StartsWith("250", (await world.SendAsync(bounce, "<>", $"<{returnPath}>")).Last, StringComparison.Ordinal);
        var returned = await world.Outside.NextAsync();
        Assert.DoesNotContain(returned.Message.Headers, static header => header.Id == HeaderId.DkimSignature);
        Assert.Equal(("", "bob@mail.test"), (returned.Sender, Assert.Single(returned.Recipients)));
        Assert.EndsWith(bounce, HybridWorld.Text(returned), StringComparison.Ordinal);

        string forged = returnPath.Replace("=bob@", "=eve@", StringComparison.Ordinal);
        Assert.StartsWith("550", (await world.SendAsync(bounce, "<>", $"<{forged}>")).Last, StringComparison.Ordinal);
        Assert.StartsWith("550", (await world.SendAsync(bounce, "<someone@old.test>", $"<{returnPath}>")).Last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_too_long_for_a_return_path_is_remembered()
    {
        await using var world = await HybridWorld.StartAsync();
        string sender = $"{new string('b', 60)}@mail.test";
        await world.SendAsync(HybridWorld.Mail("long"), $"<{sender}>");
        string returnPath = (await world.Legacy.NextAsync()).Sender;
        Assert.InRange(returnPath.IndexOf('@', StringComparison.Ordinal), 1, 64);
        Assert.StartsWith("250", (await world.SendAsync("Subject: No\r\n\r\nSorry.\r\n", "<>", $"<{returnPath}>")).Last, StringComparison.Ordinal);
        Assert.Equal([sender], (await world.Outside.NextAsync()).Recipients);
    }

    [Fact]
    public async Task What_the_queue_gives_up_is_told()
    {
        var clock = new ForwardClock();
        await using var world = await HybridWorld.StartAsync(configure: settings => settings.Time = clock);
        world.Legacy.Refusals["."] = "451 4.3.0 Not now";
        await world.SendAsync(HybridWorld.Mail("late"), recipients: "<old@example.test> NOTIFY=FAILURE,DELAY");
        await AttemptedAsync(world, 1);

        clock.Ahead = TimeSpan.FromHours(5);
        await world.RetryAsync();
        var delay = await StatusAsync(world);
        Assert.Equal(("delayed", "4.3.0"), (delay["Action"], delay["Status"]));
        await AttemptedAsync(world, 2);

        clock.Ahead = TimeSpan.FromDays(6);
        await world.RetryAsync();
        var failure = await StatusAsync(world);
        Assert.Equal(("failed", "5.3.0"), (failure["Action"], failure["Status"]));
        await world.SettleAsync();
        Assert.False(world.Outside.HasMail);
    }

    [Fact]
    public async Task An_automatic_answer_that_is_late_and_given_up_is_told_to_nobody()
    {
        var clock = new ForwardClock();
        await using var world = await HybridWorld.StartAsync(configure: settings => settings.Time = clock);
        world.Legacy.Refusals["."] = "451 4.3.0 Not now";
        await world.SendAsync(HybridWorld.Mail("away", "Auto-Submitted: auto-replied\r\n"), recipients: "<old@example.test> NOTIFY=FAILURE,DELAY");
        await AttemptedAsync(world, 1);
        clock.Ahead = TimeSpan.FromHours(5);
        await world.RetryAsync();
        await AttemptedAsync(world, 2);
        clock.Ahead = TimeSpan.FromDays(6);
        await world.RetryAsync();
        await world.SettleAsync();
        Assert.False(world.Outside.HasMail);
    }

    private static async Task AttemptedAsync(HybridWorld world, int times)
    {
        var outbox = world.Server.Services.GetRequiredService<IOutbox>();
        await Eventually.TrueAsync(async () => (await outbox.ListAsync(null, null, 10, CancellationToken.None)).Any(entry => entry.Attempts >= times && entry.LeasedBy is null));
    }

    [Fact]
    public async Task An_attempt_whose_end_was_not_written_down_tells_and_sends_nothing_again()
    {
        await using var world = await HybridWorld.StartAsync();
        world.Legacy.Refusals["."] = "451 4.3.0 Not now";
        await world.SendAsync(HybridWorld.Mail("twice"));
        var outbox = world.Server.Services.GetRequiredService<IOutbox>();
        var entry = await Eventually.GetAsync(async () => (await outbox.ListAsync(null, null, 10, CancellationToken.None)).FirstOrDefault(static each => each.Attempts > 0));
        var relay = world.Server.Services.GetServices<IBridge>().SelectMany(static bridge => bridge.Transports).Single(static transport => transport.Name == "relay");

        world.Legacy.Refusals["."] = "550 5.7.9 Not this one";
        Assert.Equal(HandOverKind.Rejected, (await relay.SendAsync(entry, CancellationToken.None)).Kind);
        var listener = (IOutcomeListener)world.Server.Services.GetServices<IBridge>().Single();
        var refused = new OutboxOutcome(SendStatus.Failed, "relay", "550 5.7.9 Not this one", null, entry.CreatedAt);
        await listener.HearAsync(entry, refused, CancellationToken.None);
        await world.Outside.NextAsync();
        await listener.HearAsync(entry, refused, CancellationToken.None);
        world.Legacy.Refusals.Clear();
        Assert.Equal(HandOverKind.Rejected, (await relay.SendAsync(entry, CancellationToken.None)).Kind);
        await world.RetryAsync();
        await world.SettleAsync();
        Assert.False(world.Outside.HasMail);
        Assert.False(world.Legacy.HasMail);
    }

    [Fact]
    public async Task A_failure_is_told_once_and_only_to_whom_it_concerns()
    {
        await using var world = await HybridWorld.StartAsync();
        world.Legacy.Refusals["."] = "550 5.7.9 Not this one";
        await world.SendAsync(HybridWorld.Mail("null"), "<>");
        await world.SendAsync(HybridWorld.Mail("never"), recipients: "<old@example.test> NOTIFY=NEVER");
        await world.SendAsync(HybridWorld.Mail("told", body: "The secret body"), "<bob@mail.test> ENVID=env+3D1 RET=HDRS", "<old@example.test> NOTIFY=FAILURE ORCPT=rfc822;first@mail.test");

        var mail = await world.Outside.NextAsync();
        Assert.Equal(("", "bob@mail.test"), (mail.Sender, Assert.Single(mail.Recipients)));
        var report = Assert.IsType<MultipartReport>(mail.Message.Body);
        var status = Assert.IsType<MessageDeliveryStatus>(report[1]);
        Assert.Equal(("env=1", "dns; gw.example.test"), (status.StatusGroups[0]["Original-Envelope-Id"], status.StatusGroups[0]["Reporting-MTA"]));
        var recipient = status.StatusGroups[1];
        Assert.Equal(
            ("rfc822; first@mail.test", "rfc822; old@example.test", "failed", "5.7.9"),
            (recipient["Original-Recipient"], recipient["Final-Recipient"], recipient["Action"], recipient["Status"]));
        Assert.Contains("550 5.7.9 Not this one", recipient["Diagnostic-Code"], StringComparison.Ordinal);
        Assert.Contains("Message-ID: <told@mail.test>", mail.Message.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("The secret body", mail.Message.ToString(), StringComparison.Ordinal);
        // A notification is this server's own mail and bears its signatures; what is passed on does not.
        Assert.Equal(2, mail.Message.Headers.Count(static header => header.Id == HeaderId.DkimSignature && header.Value.Contains("d=gw.example.test;", StringComparison.Ordinal)));

        await world.SettleAsync();
        Assert.False(world.Outside.HasMail);
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied (vacation)\r\n", false)]
    [InlineData("MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n", false)]
    [InlineData("MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n", false)]
    // Lists need to hear of it, and have a return path for that.
    [InlineData("List-Id: <news.mail.test>\r\nPrecedence: list\r\n", true)]
    [InlineData("Auto-Submitted: auto-generated\r\n", true)]
    public async Task No_automatic_answer_is_answered(string header, bool isTold)
    {
        await using var world = await HybridWorld.StartAsync();
        world.Legacy.Refusals["."] = "550 5.7.9 Not this one";
        await world.SendAsync(HybridWorld.Mail("automatic", header), "<bounces@mail.test>", "<old@example.test> NOTIFY=SUCCESS,FAILURE,DELAY");
        await world.SettleAsync();
        Assert.Equal(isTold, world.Outside.HasMail);
    }

    [Fact]
    public async Task A_sender_with_an_inbox_here_finds_the_failure_there()
    {
        await using var world = await HybridWorld.StartAsync();
        world.Legacy.Refusals["."] = "550 5.7.9 Not this one";
        await world.SendAsync(HybridWorld.Mail("inbox"), "<alice@example.test>");
        await Eventually.TrueAsync(async () => (await world.InboxAsync()).Count == 1);
        Assert.Contains("550 5.7.9 Not this one", (string?)(await world.InboxAsync())[0]!["body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asked_learns_that_the_mail_went_on_to_a_server_that_does_not_tell()
    {
        await using var world = await HybridWorld.StartAsync();
        await world.SendAsync(HybridWorld.Mail("relayed"), recipients: "<old@example.test> NOTIFY=SUCCESS,FAILURE");
        await world.Legacy.NextAsync();
        var report = Assert.IsType<MultipartReport>((await world.Outside.NextAsync()).Message.Body);
        Assert.Equal("relayed", Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups[1]["Action"]);
    }

    [Fact]
    public async Task A_server_that_tells_is_asked_to()
    {
        await using var world = await HybridWorld.StartAsync(new OutsideServer { Notifies = true });
        await world.SendAsync(HybridWorld.Mail("passed"), "<bob@mail.test> ENVID=abc RET=FULL", "<old@example.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;first@mail.test");
        await world.Legacy.NextAsync();
        Assert.Contains(world.Legacy.Heard, static line => line.StartsWith("MAIL FROM:<SRS0=", StringComparison.Ordinal) && line.EndsWith(" RET=FULL ENVID=abc", StringComparison.Ordinal));
        Assert.Contains("RCPT TO:<old@example.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;first@mail.test", world.Legacy.Heard);
        await world.SettleAsync();
        Assert.False(world.Outside.HasMail);
    }

    [Fact]
    public async Task A_large_mail_waits_in_a_blob_through_a_restart_and_leaves_nothing_behind()
    {
        await using var world = await HybridWorld.StartAsync();
        world.Legacy.Refusals["DATA"] = "451 4.3.0 Not now";
        string mail = HybridWorld.Mail("large", body: string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"Line {i} of many\r\n")));
        Assert.StartsWith("250", (await world.SendAsync(mail)).Last, StringComparison.Ordinal);
        Assert.NotEmpty(Blobs(world));
        await world.Server.RestartAsync();
        world.Legacy.Refusals.Clear();
        await world.RetryAsync();
        Assert.EndsWith(mail, HybridWorld.Text(await world.Legacy.NextAsync()), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => Blobs(world).Length == 0);
    }

    [Fact]
    public async Task What_the_operator_drops_is_told_and_leaves_no_blob_behind()
    {
        await using var world = await HybridWorld.StartAsync();
        world.Legacy.Refusals["DATA"] = "451 4.3.0 Not now";
        string body = string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"Line {i} of many\r\n"));
        await world.SendAsync(HybridWorld.Mail("null", body: body), "<>");
        await world.SendAsync(HybridWorld.Mail("dropped", body: body));
        Assert.Equal(2, Blobs(world).Length);
        await DropAllAsync(world);

        var mail = await world.Outside.NextAsync();
        Assert.Equal(("", "bob@mail.test"), (mail.Sender, Assert.Single(mail.Recipients)));
        var report = Assert.IsType<MultipartReport>(mail.Message.Body);
        var status = Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups[1];
        Assert.Equal(("failed", "x-smxp; dropped by the operator"), (status["Action"], status["Diagnostic-Code"]));
        Assert.Equal("dropped@mail.test", Assert.IsType<TextRfc822Headers>(report[2]).Message!.MessageId);
        Assert.Empty(Blobs(world));
        await world.SettleAsync();
        Assert.False(world.Outside.HasMail);
    }

    [Fact]
    public async Task What_faults_again_and_again_is_told_to_wait_for_the_operator_and_then_how_it_ended()
    {
        await using var world = await HybridWorld.StartAsync(configure: static settings => settings.Services = static services => services.AddSingleton<ITransport>(new FaultyRelay()));
        await world.SendAsync(HybridWorld.Mail("never"), recipients: "<old@example.test> NOTIFY=NEVER");
        await world.SendAsync(HybridWorld.Mail("poison"));
        using var admin = world.Server.NewAdminClient();
        await Eventually.TrueAsync(async () =>
        {
            await world.RetryAsync();
            return (await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/queue?state=parked"))!["entries"]!.AsArray().Count >= 2;
        });
        // The notification goes the same faulty way; what it says can be read in the queue.
        var told = await ReportsAsync(world);
        Assert.Equal([("delayed", "x-smxp; set aside for the operator after 5 faults in a row: an internal fault")], told);
        await DropAllAsync(world);
        Assert.Equal([("failed", "x-smxp; dropped by the operator")], await ReportsAsync(world));
    }

    private static async Task DropAllAsync(HybridWorld world)
    {
        using var admin = world.Server.NewAdminClient();
        foreach (var entry in (await world.Server.Services.GetRequiredService<IOutbox>().ListAsync(null, null, 10, CancellationToken.None)))
            await Eventually.TrueAsync(async () => (await admin.DeleteAsync(new Uri($"/.smxp/admin/queue/{entry.Id}", UriKind.Relative))).IsSuccessStatusCode);
    }

    // The notifications that wait in the outbox.
    private static async Task<IReadOnlyList<(string? Action, string? Diagnostic)>> ReportsAsync(HybridWorld world)
    {
        List<(string?, string?)> found = [];
        foreach (var entry in (await world.Server.Services.GetRequiredService<IOutbox>().ListAsync(null, null, 10, CancellationToken.None)))
        {
            var ticket = RelayTicket.Read(entry.Envelope);
            if (!ticket.Slip.IsNotification) continue;
            await using var bytes = new BrotliStream(new MemoryStream(ticket.Mail!), CompressionMode.Decompress);
            using var mail = await MimeMessage.LoadAsync(bytes);
            var status = Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>(mail.Body)[1]).StatusGroups[1];
            found.Add((status["Action"], status["Diagnostic-Code"]));
        }

        return found;
    }

    private sealed class FaultyRelay : ITransport
    {
        public string Name => "relay";

        public int Order => 1;

        public ValueTask<Reach> ReachAsync(Address recipient, CancellationToken cancellationToken) => new(new Reach(ReachKind.No, "for relayed mail alone"));

        public Task<HandOver> SendAsync(OutboxEntry entry, CancellationToken cancellationToken) => throw new InvalidOperationException("poison");
    }

    private static async Task<HeaderList> StatusAsync(HybridWorld world) =>
        Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>((await world.Outside.NextAsync()).Message.Body)[1]).StatusGroups[1];

    private static string[] Blobs(HybridWorld world) => Directory.GetFiles(Path.Combine(world.Server.DataDirectory, "blobs"), "*", SearchOption.AllDirectories);
}
