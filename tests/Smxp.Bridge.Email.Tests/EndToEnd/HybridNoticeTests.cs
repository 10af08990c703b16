using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>A hybrid domain's mail from another SMXP server that fails at the legacy server later: its author is told by a message, once, and notices never go round.</summary>
public sealed class HybridNoticeTests : IAsyncLifetime
{
    private readonly int _peerPort = FreePort.Next();
    private HybridWorld _world = null!;
    private TestServer _peer = null!;
    private HttpClient _carol = null!;

    public async Task InitializeAsync()
    {
        _world = await HybridWorld.StartAsync(configure: settings => settings.Hosts["peer.test"] = $"http://127.0.0.1:{_peerPort}");
        _peer = await TestServer.StartAsync(settings =>
        {
            settings.Port = _peerPort;
            settings.Hosts["example.test"] = _world.Server.BaseAddress.ToString().TrimEnd('/');
            settings.With("Smxp:Federation:FirstAttemptMilliseconds", "20000");
        });
        _carol = await _peer.SignInNewAsync("carol@peer.test");
    }

    public async Task DisposeAsync()
    {
        _carol.Dispose();
        await _peer.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task The_author_is_told_by_the_postmaster_in_the_conversation_and_once()
    {
        _world.Legacy.Refusals["."] = "550 5.7.9 Not this one";
        var sent = await SendAsync(new { to = "old@example.test", subject = "Lunch", body = "Are you free?\nAt one?" });
        Assert.Equal("sent", (string?)sent["status"]);
        var told = await NewestAsync(1);
        Assert.Equal(
            ("postmaster@example.test", "Undelivered mail", (string?)sent["conversation_id"], (string?)sent["id"]),
            ((string?)told["from"], (string?)told["subject"], (string?)told["conversation_id"], (string?)told["in_reply_to"]));
        string body = (string)told["body"]!;
        Assert.Contains("Your message to old@example.test could not be delivered by email. It will not be tried again.", body, StringComparison.Ordinal);
        Assert.Contains("550 5.7.9 Not this one", body, StringComparison.Ordinal);
        Assert.EndsWith("\n> Lunch\n> Are you free?\n> At one?\n", body, StringComparison.Ordinal);

        await _world.SettleAsync();
        Assert.Single(await InboxAsync());
        using var admin = _world.Server.NewAdminClient();
        var trace = (await admin.GetFromJsonAsync<JsonObject>($"/.smxp/admin/bridge/email/trace/{(string)sent["id"]!}"))!["traces"]![0]!;
        Assert.StartsWith($"Message {(string)sent["id"]!} by carol@peer.test came on ", (string?)trace["story"]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_operator_drops_is_told_too()
    {
        _world.Legacy.Refusals["."] = "451 4.3.0 Not now";
        await SendAsync(new { to = "old@example.test", body = "Are you free?" });
        using var admin = _world.Server.NewAdminClient();
        await Eventually.TrueAsync(async () =>
        {
            var entries = (await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/queue"))!["entries"]!.AsArray();
            return entries.Count == 1 && (await admin.DeleteAsync(new Uri($"/.smxp/admin/queue/{(string)entries[0]!["id"]!}", UriKind.Relative))).IsSuccessStatusCode;
        });
        Assert.Contains("The reason: dropped by the operator", (string?)(await NewestAsync(1))["body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notice_that_fails_is_told_to_nobody()
    {
        _world.Legacy.Refusals["."] = "550 5.7.9 Not this one";
        // As another server's postmaster would tell, and as a puppet of another gateway would.
        var dispatch = _peer.Services.GetRequiredService<IDispatch>();
        foreach (string author in new[] { "postmaster@peer.test", "carol@peer.test" })
        {
            var notice = new Envelope
            {
                From = author,
                To = "old@example.test",
                Timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
                ConversationId = "c",
                ContentType = "text",
                Name = author.StartsWith("carol", StringComparison.Ordinal) ? "Mail Delivery System" : null,
                Body = "Your message could not be delivered.",
            };
            Assert.Equal(IntakeKind.Accepted, (await dispatch.SendAsync(notice, [], CancellationToken.None)).Kind);
        }

        // Both have failed when this one has, for which the postmaster is told nothing of either.
        await Eventually.TrueAsync(async () => (await FailedAsync()) == 2);
        await SendAsync(new { to = "old@example.test", body = "Somebody's own words" });
        Assert.Contains("Somebody's own words", (string?)(await NewestAsync(1))["body"], StringComparison.Ordinal);
        await _world.SettleAsync();
        Assert.Single(await InboxAsync());
    }

    [Fact]
    public async Task A_copy_of_what_lies_in_an_inbox_is_told_to_nobody()
    {
        using var old = await _world.Server.SignInNewAsync("old@example.test");
        await _world.ChooseAsync("old@example.test", "both");
        _world.Legacy.Refusals["."] = "550 5.7.9 Not this one";
        await SendAsync(new { to = "old@example.test", body = "Both ways" });
        await Eventually.TrueAsync(async () => (await FailedAsync()) == 1);
        await _world.SettleAsync();
        Assert.Empty(await InboxAsync());
    }

    private async Task<int> FailedAsync()
    {
        using var admin = _world.Server.NewAdminClient();
        return (await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/bridge/email/ledger?outcome=failed"))!["crossings"]!.AsArray().Count;
    }

    private async Task<JsonNode> SendAsync(object message)
    {
        using var answer = await _carol.PostAsJsonAsync("/.smxp/mail/send", message);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["results"]![0]!;
    }

    private async Task<JsonArray> InboxAsync() => (await _carol.GetFromJsonAsync<JsonObject>("/.smxp/mail/inbox"))!["messages"]!.AsArray();

    private async Task<JsonNode> NewestAsync(int count) => (await Eventually.GetAsync(async () => await InboxAsync() is { } found && found.Count >= count ? found : null))[0]!;
}
