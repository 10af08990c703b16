using Smxp.Client.Mail;

namespace Smxp.Client.Tests;

public sealed class PagingTests
{
    [Fact]
    public async Task Asks_for_the_next_page_until_there_is_none()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) => ScriptedServer.JsonAsync(context,
            request.Target.Contains("after=c2", StringComparison.Ordinal)
                ? """{"messages":[{"id":"3"}],"cursors":{"next":"c3","prev":"c3","has_more":false,"after":"c3","before":"c3"}}"""
                : """{"messages":[{"id":"1"},{"id":"2"}],"cursors":{"next":"c2","prev":"c1","has_more":true,"after":"c2","before":"c1"}}"""));
        using var client = new SmxpClient(server.BaseAddress);

        var ids = new List<string>();
        await foreach (var row in client.Mail.EnumerateInboxAsync(null, CancellationToken.None)) ids.Add(row.Id);

        Assert.Equal(["1", "2", "3"], ids);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Knows_a_server_that_has_the_sdks_names_only()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) => ScriptedServer.JsonAsync(context,
            request.Target.Contains("after=c2", StringComparison.Ordinal)
                ? """{"messages":[{"id":"3"}],"cursors":{"after":"c3","before":"c3","has_more":false}}"""
                : """{"messages":[{"id":"1"},{"id":"2"}],"cursors":{"after":"c2","before":"c1","has_more":true}}"""));
        using var client = new SmxpClient(server.BaseAddress);

        var ids = new List<string>();
        await foreach (var row in client.Mail.EnumerateThreadAsync("1", null, CancellationToken.None)) ids.Add(row.Id);

        Assert.Equal(["1", "2", "3"], ids);
    }

    [Fact]
    public async Task A_server_that_never_ends_its_pages_does_not_hold_the_reader_once_they_are_empty()
    {
        await using var server = await ScriptedServer.StartAsync("""{"messages":[],"cursors":{"next":"again","prev":"p","has_more":true}}""");
        using var client = new SmxpClient(server.BaseAddress);

        await foreach (var row in client.Mail.EnumerateSentAsync(null, CancellationToken.None)) Assert.Fail(row.Id);

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Lists_blobs_to_the_last_page()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) => ScriptedServer.JsonAsync(context,
            request.Target.Contains("before=blob_2", StringComparison.Ordinal) ? """{"blobs":[{"blob_id":"blob_1"}],"next":null}""" : """{"blobs":[{"blob_id":"blob_2"}],"next":"blob_2"}"""));
        using var client = new SmxpClient(server.BaseAddress);

        Assert.Equal(["blob_2", "blob_1"], await client.Blobs.EnumerateAsync(CancellationToken.None).Select(blob => blob.BlobId).ToListAsync());
    }

    [Fact]
    public async Task Stops_asking_when_the_reader_stops()
    {
        await using var server = await ScriptedServer.StartAsync("""{"messages":[{"id":"1"}],"cursors":{"next":"c","prev":"p","has_more":true}}""");
        using var client = new SmxpClient(server.BaseAddress);

        await foreach (var _ in client.Mail.EnumerateInboxAsync(null, CancellationToken.None)) break;

        Assert.Single(server.Requests);
    }
}
