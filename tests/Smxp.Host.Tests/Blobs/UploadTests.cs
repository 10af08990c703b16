using System.Net;
using System.Security.Cryptography;
using Smxp.Testing;
using static Smxp.Host.Tests.Blobs.BlobClient;

namespace Smxp.Host.Tests.Blobs;

public class UploadTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Pieces_of_any_length_become_a_blob()
    {
        using var client = await fixture.Server.SignInNewAsync("anna@example.test");
        byte[] bytes = RandomNumberGenerator.GetBytes(300_000);
        var announced = (await client.PostAsync(BlobClient.Path, new { size = bytes.Length, sha256 = HashOf(bytes).ToUpperInvariant(), name = "photo.jpg" })).Is(HttpStatusCode.Created);
        Assert.Equal(65536, announced["chunk_size"].GetInt32());
        string id = announced.Text("blob_id");
        Assert.StartsWith("blob_", id, StringComparison.Ordinal);

        int at = 0;
        foreach (int length in new[] { 1, 65536, 0, 100_000, 134_463 })
        {
            var answer = (await client.PutChunkAsync(id, at, bytes[at..(at + length)])).Is(HttpStatusCode.OK);
            at += length;
            Assert.Equal(at, answer["received"].GetInt64());
            Assert.Equal(("pending", at), ((await StatusAsync(client, id)).Text("status"), (await StatusAsync(client, id))["received"].GetInt32()));
        }

        var meta = (await client.PostAsync($"{BlobClient.Path}/{id}/finalize")).Is(HttpStatusCode.OK);
        Assert.Equal((id, "anna@example.test", "ready", "photo.jpg", HashOf(bytes)), (meta.Text("blob_id"), meta.Text("owner"), meta.Text("status"), meta.Text("name"), meta.Text("sha256")));
        Assert.Equal(meta.Body.ToString(), (await client.PostAsync($"{BlobClient.Path}/{id}/finalize")).Is(HttpStatusCode.OK).Body.ToString());
        using var fetched = await client.FetchAsync(id);
        Assert.Equal(bytes, await fetched.Content.ReadAsByteArrayAsync());
        (await client.PutChunkAsync(id, bytes.Length, [1])).Refuses(HttpStatusCode.BadRequest, "blob not accepting chunks");
    }

    [Fact]
    public async Task Goes_on_after_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.SignInNewAsync("alice@example.test");
        byte[] bytes = RandomNumberGenerator.GetBytes(100_000);
        string id = await client.AnnounceAsync(bytes);
        (await client.PutChunkAsync(id, 0, bytes[..70_000])).Is(HttpStatusCode.OK);
        await server.RestartAsync();

        long received = (await StatusAsync(client, id))["received"].GetInt64();
        Assert.Equal(70_000, received);
        (await client.PutChunkAsync(id, received, bytes[(int)received..])).Is(HttpStatusCode.OK);
        (await client.PostAsync($"{BlobClient.Path}/{id}/finalize")).Is(HttpStatusCode.OK);
        await server.RestartAsync();
        using var fetched = await client.FetchAsync(id);
        Assert.Equal(bytes, await fetched.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task What_arrived_of_a_broken_piece_is_kept()
    {
        using var client = await fixture.Server.SignInNewAsync("berta@example.test");
        byte[] bytes = RandomNumberGenerator.GetBytes(400_000);
        string id = await client.AnnounceAsync(bytes);
        await Assert.ThrowsAnyAsync<Exception>(() => client.AskAsync(HttpMethod.Put, $"{BlobClient.Path}/{id}/chunk?offset=0", new BreakingContent(bytes, 200_000, ArrivedAsync)));

        Answer rest;
        do
        {
            int received = (await StatusAsync(client, id))["received"].GetInt32();
            Assert.InRange(received, 1, 200_000);
            rest = await client.PutChunkAsync(id, received, bytes[received..]);
        }
        while (rest.Status == HttpStatusCode.BadRequest); // The broken request was still writing when we asked.
        (await client.PostAsync($"{BlobClient.Path}/{id}/finalize")).Is(HttpStatusCode.OK);

        Task ArrivedAsync() => Eventually.TrueAsync(async () => (await StatusAsync(client, id))["received"].GetInt64() is > 0 and <= 200_000);
    }

    [Fact]
    public async Task A_wrong_hash_deletes_it()
    {
        using var client = await fixture.Server.SignInNewAsync("carla@example.test");
        string id = await client.AnnounceAsync([1, 2, 3]);
        (await client.PutChunkAsync(id, 0, [1, 2, 4])).Is(HttpStatusCode.OK);
        (await client.PostAsync($"{BlobClient.Path}/{id}/finalize")).Refuses(HttpStatusCode.BadRequest, "sha256 mismatch");
        (await client.PostAsync($"{BlobClient.Path}/{id}/finalize")).Refuses(HttpStatusCode.NotFound, "blob not found");
        Assert.Empty((await client.AskAsync(BlobClient.Path))["blobs"].EnumerateArray());
    }

    [Fact]
    public async Task Offsets_and_sizes_are_checked()
    {
        using var client = await fixture.Server.SignInNewAsync("doris@example.test");
        string id = await client.AnnounceAsync([1, 2, 3, 4]);
        (await client.PutChunkAsync(id, 1, [1])).Refuses(HttpStatusCode.BadRequest, "offset mismatch: expected 0, got 1");
        (await client.PutChunkAsync(id, 0, [1, 2])).Is(HttpStatusCode.OK);
        (await client.PutChunkAsync(id, 0, [1, 2])).Refuses(HttpStatusCode.BadRequest, "offset mismatch: expected 2, got 0");
        (await client.PutChunkAsync(id, 2, [3, 4, 5])).Refuses(HttpStatusCode.BadRequest, "chunk exceeds declared size");
        (await client.PostAsync($"{BlobClient.Path}/{id}/finalize")).Refuses(HttpStatusCode.BadRequest, "size mismatch: declared 4, received 2");
        foreach (object offset in new object[] { -1, "1.5", "x", "9223372036854775808", "%2B2", "0x2", " 2" })
            (await client.PutChunkAsync(id, offset, [3])).Refuses(HttpStatusCode.BadRequest, "invalid offset");
        (await client.PutChunkAsync(id, long.MaxValue, [3])).Is(HttpStatusCode.BadRequest);
        (await client.PutChunkAsync(id, 2, [3, 4])).Is(HttpStatusCode.OK);
        (await client.PostAsync($"{BlobClient.Path}/{id}/finalize")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_piece_of_unknown_length_cannot_exceed_the_size()
    {
        using var client = await fixture.Server.SignInNewAsync("emma@example.test");
        string id = await client.AnnounceAsync(new byte[1000]);
        var answer = await client.AskAsync(HttpMethod.Put, $"{BlobClient.Path}/{id}/chunk", new BreakingContent(new byte[500_000], int.MaxValue));
        answer.Refuses(HttpStatusCode.BadRequest, "chunk exceeds declared size");
        Assert.InRange((await StatusAsync(client, id))["received"].GetInt64(), 0, 1000);
    }

    [Fact]
    public async Task Malformed_announcements_are_refused()
    {
        using var client = await fixture.Server.SignInNewAsync("frieda@example.test");
        string hash = HashOf([]);
        (await client.PostAsync(BlobClient.Path, new { size = 0, sha256 = hash })).Refuses(HttpStatusCode.BadRequest, "size must be at least 1");
        (await client.PostAsync(BlobClient.Path, new { size = -5, sha256 = hash })).Is(HttpStatusCode.BadRequest);
        (await client.PostAsync(BlobClient.Path, new { sha256 = hash })).Is(HttpStatusCode.BadRequest);
        (await client.PostAsync(BlobClient.Path, new { size = 1e30, sha256 = hash })).Is(HttpStatusCode.BadRequest);
        (await client.PostAsync(BlobClient.Path, new { size = 1.5, sha256 = hash })).Is(HttpStatusCode.BadRequest);
        (await client.PostAsync(BlobClient.Path, new { size = long.MaxValue, sha256 = hash })).Is(HttpStatusCode.RequestEntityTooLarge);
        (await client.PostAsync(BlobClient.Path, new { size = 524288001, sha256 = hash })).Refuses(HttpStatusCode.RequestEntityTooLarge, "blob too large (max 524288000)");
        (await client.PostAsync(BlobClient.Path, new { size = 1, sha256 = hash[..63] })).Refuses(HttpStatusCode.BadRequest, "sha256 must be 64 hex digits");
        (await client.PostAsync(BlobClient.Path, new { size = 1, sha256 = hash[..63] + "g" })).Is(HttpStatusCode.BadRequest);
        (await client.PostAsync(BlobClient.Path, new { size = 1, sha256 = hash, name = new string('x', 1025) })).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Of_somebody_else_cannot_be_touched()
    {
        using var owner = await fixture.Server.SignInNewAsync("greta@example.test");
        using var other = await fixture.Server.SignInNewAsync("hanna@example.test");
        string id = await owner.AnnounceAsync([1, 2, 3]);
        (await other.PutChunkAsync(id, 0, [9])).Refuses(HttpStatusCode.Forbidden, "not owner");
        (await other.PostAsync($"{BlobClient.Path}/{id}/finalize")).Refuses(HttpStatusCode.Forbidden, "not owner");
        (await other.AskAsync($"{BlobClient.Path}/{id}/status")).Is(HttpStatusCode.Forbidden);
        (await other.RemoveAsync($"{BlobClient.Path}/{id}")).Is(HttpStatusCode.Forbidden);
        (await other.PostAsync($"{BlobClient.Path}/{id}/tokens", new { })).Is(HttpStatusCode.Forbidden);
        (await other.AskAsync($"{BlobClient.Path}/{id}/tokens")).Is(HttpStatusCode.Forbidden);
        Assert.Empty((await other.AskAsync(BlobClient.Path))["blobs"].EnumerateArray());
        (await owner.PutChunkAsync(id, 0, [1, 2, 3])).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("..%2F..%2Fstate.db")]
    [InlineData("%2e%2e")]
    [InlineData("blob_%00")]
    [InlineData("blob_a%2Fb")]
    [InlineData("blob_ä")]
    public async Task Tricks_in_ids_find_nothing(string id)
    {
        using var client = fixture.Server.NewClient(await fixture.Server.NewTokenAsync("ida@example.test"));
        foreach (var (method, path) in new[] { (HttpMethod.Put, $"{id}/chunk?offset=0"), (HttpMethod.Post, $"{id}/finalize"), (HttpMethod.Get, $"{id}/status"), (HttpMethod.Delete, id), (HttpMethod.Get, id), (HttpMethod.Get, $"{id}/tokens") })
            Assert.InRange((await client.AskAsync(method, $"{BlobClient.Path}/{path}")).Code, 400, 405);
    }

    [Fact]
    public async Task Many_pieces_at_once_for_one_offset_store_one()
    {
        using var client = await fixture.Server.SignInNewAsync("judith@example.test");
        byte[] bytes = RandomNumberGenerator.GetBytes(200_000);
        string id = await client.AnnounceAsync(bytes);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.PutChunkAsync(id, 0, bytes)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        (await client.PostAsync($"{BlobClient.Path}/{id}/finalize")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Are_listed_in_pages_newest_first()
    {
        using var client = await fixture.Server.SignInNewAsync("klara@example.test");
        var ids = new List<string>();
        for (byte i = 0; i < 5; i++) ids.Insert(0, await client.UploadAsync([i]));

        var seen = new List<string>();
        string? before = null;
        do
        {
            var page = (await client.AskAsync($"{BlobClient.Path}?limit=2" + (before is null ? "" : $"&before={before}"))).Is(HttpStatusCode.OK);
            seen.AddRange(page["blobs"].EnumerateArray().Select(blob => blob.GetProperty("blob_id").GetString()!));
            before = page["next"].GetString();
        }
        while (before is not null);

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(ids.Order(), seen.Order());
        (await client.AskAsync($"{BlobClient.Path}?limit=0")).Is(HttpStatusCode.BadRequest);
    }

    private static Task<Answer> StatusAsync(HttpClient client, string id) => client.AskAsync($"{BlobClient.Path}/{id}/status");

    /// <summary>Content of unannounced length that breaks off after so many bytes.</summary>
    private sealed class BreakingContent(byte[] bytes, int breakAfter, Func<Task>? beforeBreaking = null) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(System.IO.Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, Math.Min(bytes.Length, breakAfter)));
            await stream.FlushAsync();
            if (beforeBreaking is not null) await beforeBreaking();
            if (breakAfter < bytes.Length) throw new IOException("broken off");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
