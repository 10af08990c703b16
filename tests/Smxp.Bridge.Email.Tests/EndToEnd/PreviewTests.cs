using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>What sending would do, asked before it is done.</summary>
#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed class PreviewTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly OutsideServer _outside = new();
    private TestServer _server = null!;
    private HttpClient _alice = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{FreePort.Next()}")
            .With("Smxp:Bridge:Email:Outbound:SmartHost", $"smtp://127.0.0.1:{_outside.Port}"));
        _alice = await _server.SignInNewAsync("alice@example.test");
        await _server.SignInNewAsync("carol@example.test");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _outside.DisposeAsync();
    }

    [Fact]
    public async Task Says_for_each_recipient_which_way_and_what_is_missed_there()
    {
        long expires = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds();
        var preview = await PreviewAsync(new { to = new[] { "carol@example.test", "bob@mail.test", "nobody@example.test" }, body = "**Hello**", content_type = "markdown", expires });
        Assert.Equal(("delivers", "local", 0), ((string?)preview[0]["outcome"], (string?)preview[0]["way"], preview[0]["losses"]!.AsArray().Count));
        Assert.Equal(("delivers", "email"), ((string?)preview[1]["outcome"], (string?)preview[1]["way"]));
        Assert.Equal(
            ["edit changed", "delete lost", "receipt changed", "expiry changed", "formatting changed"],
            preview[1]["losses"]!.AsArray().Select(static loss => $"{(string?)loss!["kind"]} {(string?)loss["degree"]}"));
        Assert.Equal("it cannot be taken back once it has left", (string?)preview[1]["losses"]![1]!["text"]);
        Assert.Equal(("refused", "recipient address not found"), ((string?)preview[2]["outcome"], (string?)preview[2]["reason"]));
    }

    [Fact]
    public async Task Stores_and_sends_nothing()
    {
        await PreviewAsync(new { to = new[] { "carol@example.test", "bob@mail.test" }, body = "Not yet" });
        Assert.Empty((await _alice.GetFromJsonAsync<JsonObject>("/.smxp/mail/sent"))!["messages"]!.AsArray());
        using var admin = _server.NewAdminClient();
        Assert.Empty((await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/queue"))!["entries"]!.AsArray());
        Assert.Equal(0, _outside.Connections);
    }

    [Fact]
    public async Task Refuses_what_sending_would_refuse()
    {
        var answer = await _alice.PostAsJsonAsync("/.smxp/mail/send?preview=1", new { to = "bob@mail.test", body = "x", content_type = "odd" });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        answer = await _alice.PostAsJsonAsync("/.smxp/mail/send?preview=1", new { to = "bob@mail.test", from = "carol@example.test", body = "x" });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private async Task<JsonNode[]> PreviewAsync(object message)
    {
        var answer = await _alice.PostAsJsonAsync("/.smxp/mail/send?preview=1", message);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonObject>())!["preview"]!.AsArray().Select(static one => one!)];
    }
}
