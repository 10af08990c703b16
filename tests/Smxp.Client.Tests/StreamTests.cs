using System.Net;
using Microsoft.AspNetCore.Http;
using Smxp.Client.Events;

namespace Smxp.Client.Tests;

public sealed class StreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Goes_on_after_a_break_from_the_last_event_it_handed_over()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) => request.Header("Last-Event-ID") switch
        {
            null => EventsAsync(context, Event("1") + ":keepalive\n\n" + Event("2")),
            "2" => EventsAsync(context, Event("3")),
            _ => HoldAsync(context),
        });
        using var client = new SmxpClient(server.BaseAddress);

        var events = await TakeAsync(client, null, 3);

        Assert.Equal(["1", "2", "3"], events.Select(each => each.Id));
        Assert.All(events, each => Assert.Equal(("message", each.Id), (each.Type, each.Row.Id)));
    }

    [Fact]
    public async Task An_event_torn_in_two_is_asked_for_again()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) => request.Header("Last-Event-ID") switch
        {
            null => EventsAsync(context, Event("1") + "id: 2\nevent: message\ndata: {\"id\":\"2\"}\n"),
            "1" => EventsAsync(context, Event("2") + Event("3")),
            _ => HoldAsync(context),
        });
        using var client = new SmxpClient(server.BaseAddress);

        var events = await TakeAsync(client, null, 3);

        Assert.Equal(["1", "2", "3"], events.Select(each => each.Id));
    }

    [Fact]
    public async Task A_connection_lost_before_its_first_event_goes_on_from_where_it_began()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) =>
        {
            context.Response.Headers["X-SMXP-Stream-Position"] = "@7";
            return request.Header("Last-Event-ID") switch
            {
                null => EventsAsync(context, ":keepalive\n\n"),
                "@7" => EventsAsync(context, Event("8")),
                _ => HoldAsync(context),
            };
        });
        using var client = new SmxpClient(server.BaseAddress);

        var events = await TakeAsync(client, null, 1);

        Assert.Equal("8", events.Single().Id);
    }

    [Fact]
    public async Task Begins_where_it_is_told_to()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => EventsAsync(context, Event("10")));
        using var client = new SmxpClient(server.BaseAddress) { Token = "smxp_ses_1" };

        await TakeAsync(client, "9", 1);

        var request = server.Requests.First();
        Assert.Equal(("9", "Bearer smxp_ses_1", "text/event-stream"), (request.Header("Last-Event-ID"), request.Header("Authorization"), request.Header("Accept")));
    }

    [Fact]
    public async Task Waits_out_a_server_that_is_away()
    {
        int asked = 0;
        await using var server = await ScriptedServer.StartAsync((context, _) => Interlocked.Increment(ref asked) switch
        {
            1 => ScriptedServer.JsonAsync(context, """{"error":"temporarily unavailable"}""", 503),
            2 => AbortAsync(context),
            _ => EventsAsync(context, Event("1")),
        });
        using var client = new SmxpClient(server.BaseAddress);

        Assert.Equal("1", (await TakeAsync(client, null, 1)).Single().Id);
    }

    [Fact]
    public async Task A_refusal_for_good_ends_it()
    {
        await using var server = await ScriptedServer.StartAsync("""{"error":"unauthorized"}""", 401);
        using var client = new SmxpClient(server.BaseAddress);

        var refusal = await Assert.ThrowsAsync<SmxpException>(() => TakeAsync(client, null, 1));

        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_reader_can_leave_while_nothing_comes()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => HoldAsync(context));
        using var client = new SmxpClient(server.BaseAddress);
        using var leave = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await using var events = client.StreamAsync(null, leave.Token).GetAsyncEnumerator(CancellationToken.None);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await events.MoveNextAsync());
    }

    private static string Event(string id) => $"id: {id}\nevent: message\ndata: {{\"id\":\"{id}\"}}\n\n";

    private static Task EventsAsync(HttpContext context, string events)
    {
        context.Response.ContentType = "text/event-stream";
        return context.Response.WriteAsync(events);
    }

    private static async Task HoldAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Task AbortAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static async Task<List<StreamEvent>> TakeAsync(SmxpClient client, string? lastEventId, int count)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var events = new List<StreamEvent>();
        await foreach (var each in client.StreamAsync(lastEventId, deadline.Token))
        {
            events.Add(each);
            if (events.Count == count) break;
        }
        return events;
    }
}
