using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Smxp.Host.Tests.Mail;
using Smxp.Plugins.Delivery;
using Smxp.Testing;

namespace Smxp.Host.Tests.Delivery;

/// <summary>The outbox as the operator sees and steers it.</summary>
public sealed class QueueTests : IAsyncLifetime
{
    private const string Path = "/.smxp/admin/queue";

    private readonly FakeTransport _transport = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private TestServer _server = null!;
    private MailClient _alice = null!;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        _transport.Sends = static (_, _) => Task.FromResult(FakeTransport.Later("greylisted"));
        _server = await TestServer.StartAsync(settings =>
        {
            settings.Services = services => services.AddSingleton<ITransport>(_transport);
            settings.Time = _time;
            settings.With("Smxp:Federation:FirstAttemptMilliseconds", "20000");
        });
        _alice = await MailClient.NewAsync(_server, "alice@example.test");
        _admin = _server.NewAdminClient();
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Is_listed_without_what_the_messages_say()
    {
        await SendAsync("bob@far.test", "a secret of two");
        await SendAsync("bob@near.test", "another secret");
        Answer all = (await _admin.AskAsync(Path)).Is(HttpStatusCode.OK);
        Assert.DoesNotContain("secret", all.Body.GetRawText(), StringComparison.Ordinal);
        JsonElement entry = all["entries"][0];
        Assert.Equal(("alice@example.test", "bob@far.test", "far.test", "later", "greylisted", 1),
            (entry.Text("sender"), entry.Text("recipient"), entry.Text("destination"), entry.Text("state"), entry.Text("last_error"), entry.GetProperty("attempts").GetInt32()));
        Assert.Equal(entry.GetRawText(), (await _admin.AskAsync($"{Path}/{entry.Text("id")}")).Is(HttpStatusCode.OK).Body.GetRawText());

        Answer page = await _admin.AskAsync($"{Path}?limit=1");
        Assert.True(page["has_more"].GetBoolean());
        Answer rest = await _admin.AskAsync($"{Path}?limit=1&after={page["entries"][0].Text("id")}");
        Assert.Equal(("near.test", false), (rest["entries"][0].Text("destination"), rest["has_more"].GetBoolean()));
        Assert.Equal("bob@near.test", Assert.Single((await _admin.AskAsync($"{Path}?destination=Near.test&state=later"))["entries"].EnumerateArray()).Text("recipient"));
        Assert.Empty((await _admin.AskAsync($"{Path}?state=due"))["entries"].EnumerateArray());
        (await _admin.AskAsync($"{Path}?state=lost")).Refuses(HttpStatusCode.BadRequest, "state must be one of due, later, working, parked");
        (await _admin.AskAsync($"{Path}/none")).Refuses(HttpStatusCode.NotFound, "entry not found");
        (await _server.Http.AskAsync(Path)).Is(HttpStatusCode.Unauthorized);

        Answer counts = (await _admin.AskAsync($"{Path}/destinations")).Is(HttpStatusCode.OK);
        Assert.Equal((2, 2), (counts["later"].GetInt32(), counts["destinations"].GetArrayLength()));
    }

    [Fact]
    public async Task Is_tried_when_the_operator_says_so()
    {
        JsonElement far = await SendAsync("bob@far.test", "1"), near = await SendAsync("bob@near.test", "2"), last = await SendAsync("eve@far.test", "3");
        _transport.Sends = static (_, _) => Task.FromResult(FakeTransport.Taken);
        string id = (await _admin.AskAsync(Path))["entries"][0].Text("id")!;
        (await _admin.PostAsync($"{Path}/{id}/retry")).Is(HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => await StatusAsync(far) == "sent");
        Assert.Equal("queued", await StatusAsync(last));

        Assert.Equal(1, (await _admin.PostAsync($"{Path}/retry", new { destination = "far.test" })).Is(HttpStatusCode.OK)["entries"].GetInt32());
        await Eventually.TrueAsync(async () => await StatusAsync(last) == "sent");
        Assert.Equal("queued", await StatusAsync(near));

        Assert.Equal(1, (await _admin.PostAsync($"{Path}/retry")).Is(HttpStatusCode.OK)["entries"].GetInt32());
        await Eventually.TrueAsync(async () => await StatusAsync(near) == "sent");
        (await _admin.PostAsync($"{Path}/{id}/retry")).Refuses(HttpStatusCode.NotFound, "entry not found");
    }

    [Fact]
    public async Task Is_dropped_and_the_sender_told()
    {
        JsonElement sent = await SendAsync("bob@far.test", "?");
        string id = (await _admin.AskAsync(Path))["entries"][0].Text("id")!;
        (await _admin.RemoveAsync($"{Path}/{id}")).Is(HttpStatusCode.OK);
        JsonElement row = await _alice.MessageAsync(sent.Text("id")!);
        Assert.Equal(("failed", "dropped by the operator"), (row.Text("status"), row.Text("error")));
        Assert.Empty((await _admin.AskAsync(Path))["entries"].EnumerateArray());
        (await _admin.RemoveAsync($"{Path}/{id}")).Refuses(HttpStatusCode.NotFound, "entry not found");
    }

    [Fact]
    public async Task What_is_parked_is_shown_everywhere_and_can_be_retried_or_dropped()
    {
        _transport.Sends = static (_, _) => throw new InvalidOperationException("poison");
        JsonElement sent = await SendAsync("bob@far.test", "poison");
        await PassUntilAsync(async () => (await _admin.AskAsync($"{Path}?state=parked"))["entries"].GetArrayLength() == 1);
        JsonElement entry = (await _admin.AskAsync($"{Path}?state=parked"))["entries"][0];
        Assert.Equal(("parked", "set aside for the operator after 5 faults in a row: an internal fault", JsonValueKind.Null), (entry.Text("state"), entry.Text("last_error"), entry.GetProperty("due_at").ValueKind));
        JsonElement row = await _alice.MessageAsync(sent.Text("id")!);
        Assert.Equal(("queued", "parked: an internal fault, 5 times in a row; it waits for the operator of this server"), (row.Text("status"), row.Text("error")));
        Assert.Equal((1, 0), ((await _admin.AskAsync($"{Path}/destinations"))["parked"].GetInt32(), (await _admin.AskAsync($"{Path}?state=later"))["entries"].GetArrayLength()));
        Assert.Equal("parked", (await RunAsync("queue", "list", "--state", "parked")).Output.Trim().Split('\t')[5]);
        Assert.EndsWith("parked", (await RunAsync("queue", "destinations")).Output.Trim(), StringComparison.Ordinal);
        await PassUntilAsync(async () => (await _admin.GetStringAsync("/metrics")).Split('\n').Any(static line =>
            line.StartsWith("smxp_outbox_entries", StringComparison.Ordinal) && line.Contains("state=\"parked\"", StringComparison.Ordinal) && line.Contains("} 1", StringComparison.Ordinal)));

        // It faults once more, and the operator gives it up.
        int attempts = _transport.Attempts.Count;
        (await _admin.PostAsync($"{Path}/{entry.Text("id")}/retry")).Is(HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => _transport.Attempts.Count == attempts + 1 && (await _admin.AskAsync($"{Path}?state=parked"))["entries"].GetArrayLength() == 1);
        (await _admin.RemoveAsync($"{Path}/{entry.Text("id")}")).Is(HttpStatusCode.OK);
        row = await _alice.MessageAsync(sent.Text("id")!);
        Assert.Equal(("failed", "dropped by the operator"), (row.Text("status"), row.Text("error")));
    }

    [Fact]
    public async Task Is_left_alone_while_it_is_being_delivered()
    {
        var begun = new TaskCompletionSource();
        var finish = new TaskCompletionSource<HandOver>();
        _transport.Sends = (_, _) =>
        {
            begun.TrySetResult();
            return finish.Task;
        };
        Task<JsonElement> sending = SendAsync("bob@far.test", "?");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        JsonElement entry = Assert.Single((await _admin.AskAsync($"{Path}?state=working"))["entries"].EnumerateArray());
        (await _admin.RemoveAsync($"{Path}/{entry.Text("id")}")).Refuses(HttpStatusCode.Conflict, "entry is being delivered right now");
        (await _admin.PostAsync($"{Path}/{entry.Text("id")}/retry")).Refuses(HttpStatusCode.Conflict, "entry is being delivered right now");
        finish.SetResult(FakeTransport.Taken);
        Assert.Equal("sent", (await sending).Text("status"));
    }

    [Fact]
    public async Task Sender_is_told_of_a_delay_after_four_hours()
    {
        JsonElement sent = await SendAsync("bob@far.test", "?");
        await PassUntilAsync(async () => (await _alice.MessageAsync(sent.Text("id")!)).Text("error")!.StartsWith("delayed: greylisted; will be tried until ", StringComparison.Ordinal));
        Assert.Equal("queued", await StatusAsync(sent));
        Assert.InRange(_time.GetUtcNow().ToUnixTimeSeconds() - (await _admin.AskAsync(Path))["entries"][0].GetProperty("created_at").GetInt64(), 4 * 3600, 5 * 3600);
    }

    [Fact]
    public async Task Is_seen_in_the_metrics()
    {
        // It waits for longer than the test may take, however much time passes while the metrics are looked at.
        _transport.Sends = static (_, _) => Task.FromResult(new HandOver(HandOverKind.Deferred, "greylisted", TimeSpan.FromHours(20)));
        await SendAsync("bob@far.test", "?");
        await PassUntilAsync(async () =>
        {
            string metrics = await _admin.GetStringAsync("/metrics");
            return metrics.Split('\n').Any(static line => line.StartsWith("smxp_outbox_entries", StringComparison.Ordinal) && line.Contains("state=\"later\"", StringComparison.Ordinal) && line.Contains("} 1", StringComparison.Ordinal))
                && metrics.Split('\n').Any(static line => line.StartsWith("smxp_outbox_oldest", StringComparison.Ordinal) && !line.Contains("} 0", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Command_line_lists_shows_retries_and_drops()
    {
        await SendAsync("bob@far.test", "?");
        var (code, output, _) = await RunAsync("queue", "list");
        Assert.Equal(0, code);
        string[] cells = output.Trim().Split('\t');
        Assert.Equal(["bob@far.test", "far.test", "1", "greylisted"], [cells[2], cells[3], cells[4], cells[6]]);
        (code, output, _) = await RunAsync("queue", "show", cells[0], "--json");
        Assert.Equal((0, cells[1]), (code, JsonDocument.Parse(output).RootElement.Text("message_id")));
        (code, output, _) = await RunAsync("queue", "retry", "--destination", "far.test");
        Assert.Equal((0, "1 entry is tried now."), (code, output.Trim()));
        await Eventually.TrueAsync(() => Task.FromResult(_transport.Attempts.Count == 2));
        await Eventually.TrueAsync(async () => (await RunAsync("queue", "drop", cells[0])).ExitCode == 0);
        (code, _, string error) = await RunAsync("queue", "drop", cells[0]);
        Assert.Equal((1, "The server refused: entry not found."), (code, error.Trim()));
        Assert.Equal(2, (await RunAsync("queue", "retry")).ExitCode);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] command) =>
        TestServerProcess.RunAsync([.. command, "--admin-secret", TestServer.AdminSecret, "--server", _server.BaseAddress.ToString()]);

    private Task<JsonElement> SendAsync(string to, string body) => _alice.SendAsync(new { to, body });

    private async Task<string?> StatusAsync(JsonElement result) => (await _alice.MessageAsync(result.Text("id")!)).Text("status");

    private Task PassUntilAsync(Func<Task<bool>> condition) => Eventually.TrueAsync(async () =>
    {
        _time.Advance(TimeSpan.FromMinutes(2));
        return await condition();
    });
}
