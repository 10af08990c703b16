using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Smxp.Host.Stream;
using Smxp.Host.Tests.Mail;
using Smxp.Testing;

namespace Smxp.Host.Tests.Stream;

public sealed class StreamTests : IAsyncLifetime
{
    private const string TheEnd = "the end";
    private TestServer _server = null!;
    private MailClient _alice = null!;
    private MailClient _bob = null!;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Shows_what_comes_in_and_what_goes_out_as_it_happens()
    {
        using EventReader bob = await EventReader.OpenAsync(_bob.Http), alice = await EventReader.OpenAsync(_alice.Http);
        Assert.Equal("text/event-stream", bob.Response.Content.Headers.ContentType!.MediaType);
        string id = await _alice.SendTextAsync("bob@example.test", "live", "talk");
        ServerEvent received = (await bob.NextAsync())!, sent = (await alice.NextAsync())!;
        Assert.Equal((id, "message", "live", "in"), (received.Id, received.Type, received.Row.Text("body"), received.Row.Text("direction")));
        Assert.Equal((id, "message", "out"), (sent.Id, sent.Type, sent.Row.Text("direction")));

        await _alice.PostAsync($"/.smxp/mail/messages/{id}/edit", new { to = "bob@example.test", body = "changed" });
        ServerEvent edit = (await bob.NextAsync())!;
        Assert.Equal(("edit", id, "changed"), (edit.Type, edit.Row.Text("in_reply_to"), edit.Row.Text("body")));
        await _bob.PostAsync("/.smxp/mail/conversations/talk/ack", new { });
        ServerEvent read = (await bob.NextAsync())!;
        Assert.Equal(("read_status", 2), (read.Type, read.Row.Number("read_status")));
        Assert.Equal(id, Assert.Single(read.Row.GetProperty("affected").EnumerateArray()).GetString());
        Assert.Equal(["edit", "receipt"], (await alice.TakeAsync(2)).Select(static e => e.Type));
        await _alice.PostAsync($"/.smxp/mail/messages/{id}/delete", new { });
        Assert.Equal("delete", (await bob.NextAsync())!.Type);
    }

    [Fact]
    public async Task Resumes_after_the_event_named_by_header_or_query()
    {
        string[] ids = new string[150];
        for (int i = 0; i < ids.Length; i++) ids[i] = await _alice.SendTextAsync("bob@example.test", $"{i}");
        using (EventReader byHeader = await EventReader.OpenAsync(_bob.Http, ids[9])) Assert.Equal(ids[10..], (await byHeader.TakeAsync(140)).Select(static e => e.Id));
        using (EventReader byQuery = await EventReader.OpenAsync(_bob.Http, null, "?last_event_id=" + ids[147])) Assert.Equal(ids[148..], (await byQuery.TakeAsync(2)).Select(static e => e.Id));
        // An id nobody knows here must not cost anything: all of it is told again.
        using EventReader unknown = await EventReader.OpenAsync(_bob.Http, "from-another-life");
        Assert.Equal(ids, (await unknown.TakeAsync(150)).Select(static e => e.Id));
    }

    [Fact]
    public async Task Tells_both_ways_of_a_message_to_oneself_apart()
    {
        string id = await _alice.SendTextAsync("alice@example.test", "note");
        ServerEvent[] both;
        using (EventReader all = await EventReader.OpenAsync(_alice.Http, "@0")) both = await all.TakeAsync(2);
        Assert.Equal(["out", "in"], both.Select(static e => e.Row.Text("direction")));
        Assert.All(both, e => Assert.Equal(id, e.Row.Text("id")));
        Assert.NotEqual(both[0].Id, both[1].Id);
        await _alice.SendTextAsync("bob@example.test", "next");
        using (EventReader afterFirst = await EventReader.OpenAsync(_alice.Http, both[0].Id)) Assert.Equal(both[1].Id, (await afterFirst.NextAsync())!.Id);
        using (EventReader afterSecond = await EventReader.OpenAsync(_alice.Http, both[1].Id)) Assert.Equal("next", (await afterSecond.NextAsync())!.Row.Text("body"));
    }

    [Fact]
    public async Task Tells_everything_once_and_in_order_to_a_reader_that_keeps_leaving()
    {
        const int PerSender = 40;
        Task writing = Task.WhenAll(Enumerable.Range(0, 4).Select(async sender =>
        {
            for (int i = 0; i < PerSender; i++)
            {
                MailClient from = sender % 2 == 0 ? _alice : _bob;
                string id = await from.SendTextAsync(i % 5 == 0 ? "alice@example.test" : "bob@example.test", $"{sender}/{i}", $"conversation {i % 3}");
                if (i % 7 == 0) await from.PostAsync($"/.smxp/mail/messages/{id}/edit", new { to = "bob@example.test", body = "edited" });
                if (i % 11 == 0) await _bob.PostAsync($"/.smxp/mail/conversations/conversation {i % 3}/ack", new { });
            }
        }));

        Task<string[]> everything = EverythingAsync(writing);
        List<string> seen = [];
        string last = "@0";
        bool ended = false;
        for (int visit = 0; !ended; visit++)
        {
            using EventReader reader = await EventReader.OpenAsync(_bob.Http, last);
            for (int stay = visit * 7 % 13; stay >= 0 && !ended; stay--)
            {
                ServerEvent next = (await reader.NextAsync())!;
                seen.Add(last = next.Id);
                ended = next.Row.Text("body") == TheEnd;
            }
        }

        Assert.Equal(await everything, seen);
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task Takes_a_token_from_the_query_and_needs_one()
    {
        string token = await _server.NewTokenAsync("bob@example.test");
        using HttpClient nobody = _server.NewClient();
        using (EventReader refused = await EventReader.OpenAsync(nobody)) Assert.Equal(HttpStatusCode.Unauthorized, refused.Response.StatusCode);
        using EventReader reader = await EventReader.OpenAsync(nobody, null, "?token=" + token);
        await _alice.SendTextAsync("bob@example.test", "hello");
        Assert.Equal("message", (await reader.NextAsync())!.Type);
    }

    [Fact]
    public async Task Ends_when_its_session_does()
    {
        using EventReader reader = await EventReader.OpenAsync(_bob.Http);
        Task<ServerEvent?> next = reader.NextAsync();
        (await _bob.Http.PostAsync("/.smxp/auth/logout", null)).EnsureSuccessStatusCode();
        Assert.Null(await next);
    }

    [Fact]
    public async Task Ends_when_the_server_stops()
    {
        using EventReader reader = await EventReader.OpenAsync(_bob.Http);
        Task<ServerEvent?> next = reader.NextAsync();
        Task stopping = _server.StopAsync();
        Assert.Null(await next);
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Keeps_the_line_alive_and_forgets_who_left()
    {
        await _server.DisposeAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await StartAsync(settings => settings.Time = time);
        StreamHub hub = _server.Services.GetRequiredService<StreamHub>();
        using (EventReader reader = await EventReader.OpenAsync(_bob.Http))
        {
            await Eventually.TrueAsync(() => hub.Count == 1);
            for (int second = 0; second < 30; second++) time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(":keepalive", await reader.LineAsync());
        }

        await Eventually.TrueAsync(() => hub.Count == 0);
    }

    private async Task StartAsync(Action<TestServerSettings>? configure = null)
    {
        _server = await TestServer.StartAsync(configure);
        _alice = await MailClient.NewAsync(_server, "alice@example.test");
        _bob = await MailClient.NewAsync(_server, "bob@example.test");
    }

    /// <summary>All event ids of Bob's stream, once nothing more is being written: up to a last message that is sent for the purpose.</summary>
    private async Task<string[]> EverythingAsync(Task writing)
    {
        await writing;
        string end = await _alice.SendTextAsync("bob@example.test", TheEnd);
        using EventReader reader = await EventReader.OpenAsync(_bob.Http, "@0");
        List<string> ids = [];
        do ids.Add((await reader.NextAsync())!.Id);
        while (ids[^1] != end);
        return [.. ids];
    }
}
