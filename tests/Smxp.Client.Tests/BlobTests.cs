using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Smxp.Client.Blobs;
using Smxp.Protocol;

namespace Smxp.Client.Tests;

public sealed class BlobTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70000)]
    [InlineData(3_000_000)]
    public async Task What_is_uploaded_comes_back(int size)
    {
        var store = new FakeBlobServer();
        await using var server = await ScriptedServer.StartAsync(store.AnswerAsync);
        using var client = new SmxpClient(server.BaseAddress) { Token = "smxp_ses_1" };
        byte[] file = RandomNumberGenerator.GetBytes(size);

        var uploaded = await client.Blobs.UploadAsync(new MemoryStream(file), new UploadOptions { Name = "a.bin", ContentType = "application/x-a" }, Never);
        using var back = new MemoryStream();
        await client.Blobs.DownloadAsync(store.AttachmentFor(uploaded.Encryption), back, null, Never);

        Assert.Equal(file, back.ToArray());
        Assert.Equal(("a.bin", "application/x-a"), (uploaded.Name, uploaded.ContentType));
        Assert.True(store.Finalized);
    }

    [Fact]
    public async Task The_server_learns_neither_the_bytes_nor_their_name()
    {
        var store = new FakeBlobServer();
        await using var server = await ScriptedServer.StartAsync(store.AnswerAsync);
        using var client = new SmxpClient(server.BaseAddress);
        byte[] file = new byte[5000];

        await client.Blobs.UploadAsync(new MemoryStream(file), new UploadOptions { Name = "diary.txt", ContentType = "text/plain" }, Never);

        Assert.Equal(-1, store.Stored.AsSpan().IndexOf(new byte[64]));
        Assert.All(server.Requests, request => Assert.DoesNotContain("diary", request.Text + request.Target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upload_goes_on_where_the_connection_broke()
    {
        var store = new FakeBlobServer { BreakAtChunk = 2 };
        await using var server = await ScriptedServer.StartAsync(store.AnswerAsync);
        using var client = new SmxpClient(server.BaseAddress);
        var seen = new Seen();

        await client.Blobs.UploadAsync(new MemoryStream(new byte[3_000_000]), new UploadOptions { Progress = seen }, Never);

        Assert.True(store.Finalized);
        Assert.Equal(0, store.BreakAtChunk);
        Assert.Equal(seen.Last.Total, seen.Last.Transferred);
        // Nothing that had arrived was sent again.
        var offsets = server.Requests.Where(request => request.Method == "PUT").Select(request => request.Target.Split("offset=")[1]).ToList();
        Assert.Equal(offsets.Distinct().Count() + 1, offsets.Count);
    }

    [Fact]
    public async Task A_download_goes_on_where_the_connection_broke()
    {
        var store = new FakeBlobServer();
        await using var server = await ScriptedServer.StartAsync(store.AnswerAsync);
        using var client = new SmxpClient(server.BaseAddress);
        byte[] file = RandomNumberGenerator.GetBytes(2_000_000);
        var uploaded = await client.Blobs.UploadAsync(new MemoryStream(file), new UploadOptions(), Never);
        store.BreakDownloadAfter = 500_000;

        using var back = new MemoryStream();
        await client.Blobs.DownloadAsync(store.AttachmentFor(uploaded.Encryption), back, null, Never);

        Assert.Equal(file, back.ToArray());
        Assert.Contains(server.Requests, request => request.Header("Range") is { } range && range != "bytes=0-");
    }

    [Fact]
    public async Task Bytes_that_are_not_what_the_message_says_never_come_out()
    {
        var store = new FakeBlobServer();
        await using var server = await ScriptedServer.StartAsync(store.AnswerAsync);
        using var client = new SmxpClient(server.BaseAddress);
        var uploaded = await client.Blobs.UploadAsync(new MemoryStream(new byte[1000]), new UploadOptions(), Never);
        var attachment = store.AttachmentFor(uploaded.Encryption);
        store.Stored[500] ^= 1;

        using var back = new MemoryStream();
        await Assert.ThrowsAsync<CryptographicException>(() => client.Blobs.DownloadAsync(attachment, back, null, Never));

        Assert.Equal(0, back.Length);
    }

    [Fact]
    public async Task More_bytes_than_the_message_says_are_not_taken()
    {
        var store = new FakeBlobServer();
        await using var server = await ScriptedServer.StartAsync(store.AnswerAsync);
        using var client = new SmxpClient(server.BaseAddress);
        var uploaded = await client.Blobs.UploadAsync(new MemoryStream(new byte[1000]), new UploadOptions(), Never);
        var attachment = store.AttachmentFor(uploaded.Encryption) with { Size = 10 };

        await Assert.ThrowsAsync<CryptographicException>(() => client.Blobs.DownloadAsync(attachment, Stream.Null, null, Never));
    }

    [Fact]
    public async Task Another_server_never_sees_ones_token()
    {
        var store = new FakeBlobServer();
        await using var other = await ScriptedServer.StartAsync(store.AnswerAsync);
        await using var own = await ScriptedServer.StartAsync("""{"status":"ok","domains":["example.test"],"port":1}""");
        using var client = new SmxpClient(own.BaseAddress) { Token = "smxp_ses_1", AdminSecret = "operator" };
        store.Stored = [1, 2, 3];
        client.Blobs.FindEndpoint = (_, _) => ValueTask.FromResult(other.BaseAddress);

        using var back = new MemoryStream();
        await client.Blobs.DownloadAsync(store.AttachmentFor(null) with { Host = "peer.test", DownloadToken = "blt_1" }, back, null, Never);

        Assert.Equal([1, 2, 3], back.ToArray());
        var request = other.Requests.Single();
        Assert.Equal("/.smxp/blobs/blob_1?token=blt_1", request.Target);
        Assert.Null(request.Header("Authorization"));
        Assert.Null(request.Header("X-Admin-Api-Key"));
    }

    [Fact]
    public async Task A_refusal_for_good_is_not_tried_again()
    {
        await using var server = await ScriptedServer.StartAsync("""{"error":"too large"}""", 413);
        using var client = new SmxpClient(server.BaseAddress);

        var refusal = await Assert.ThrowsAsync<SmxpException>(() => client.Blobs.UploadAsync(new MemoryStream(new byte[10]), new UploadOptions(), Never));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refusal.StatusCode);
        Assert.Single(server.Requests);
    }

    private sealed class Seen : IProgress<TransferProgress>
    {
        public TransferProgress Last { get; private set; }

        public void Report(TransferProgress value) => Last = value;
    }

    /// <summary>One blob, as SMXP §10 has it.</summary>
    private sealed class FakeBlobServer
    {
        private int _chunks;

        public byte[] Stored { get; set; } = [];
        public bool Finalized { get; private set; }
        public int BreakAtChunk { get; set; }
        public int BreakDownloadAfter { get; set; }

        public Attachment AttachmentFor(BlobEncryption? encryption) => new()
        {
            BlobId = "blob_1",
            Host = "example.test",
            Size = Stored.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Stored)),
            Encryption = encryption,
        };

        public Task AnswerAsync(HttpContext context, Request request)
        {
            string path = request.Target.Split('?')[0];
            if (path.EndsWith("/health", StringComparison.Ordinal)) return ScriptedServer.JsonAsync(context, """{"status":"ok","domains":["example.test"],"port":1}""");
            if (path.EndsWith("/blobs", StringComparison.Ordinal)) return ScriptedServer.JsonAsync(context, """{"blob_id":"blob_1","chunk_size":65536}""", 201);
            if (path.EndsWith("/status", StringComparison.Ordinal)) return ScriptedServer.JsonAsync(context, $$"""{"blob_id":"blob_1","size":1,"received":{{Stored.Length}},"finalized":false}""");
            if (path.EndsWith("/chunk", StringComparison.Ordinal)) return TakeAsync(context, request);
            if (!path.EndsWith("/finalize", StringComparison.Ordinal)) return GiveAsync(context, request);
            Finalized = true;
            return ScriptedServer.JsonAsync(context, """{"blob_id":"blob_1","size":1,"sha256":"00"}""");
        }

        private Task TakeAsync(HttpContext context, Request request)
        {
            if (++_chunks == BreakAtChunk)
            {
                BreakAtChunk = 0;
                context.Abort();
                return Task.CompletedTask;
            }
            if (int.Parse(request.Target.Split("offset=")[1], CultureInfo.InvariantCulture) != Stored.Length)
                return ScriptedServer.JsonAsync(context, """{"error":"wrong offset"}""", 400);
            Stored = [.. Stored, .. request.Body];
            return ScriptedServer.JsonAsync(context, JsonSerializer.Serialize(new { received = Stored.Length }));
        }

        private async Task GiveAsync(HttpContext context, Request request)
        {
            int from = request.Header("Range") is { } range ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
            context.Response.StatusCode = request.Header("Range") is null ? 200 : 206;
            context.Response.ContentLength = Stored.Length - from;
            if (BreakDownloadAfter > 0)
            {
                await context.Response.Body.WriteAsync(Stored.AsMemory(from, BreakDownloadAfter));
                await context.Response.Body.FlushAsync();
                BreakDownloadAfter = 0;
                context.Abort();
                return;
            }
            await context.Response.Body.WriteAsync(Stored.AsMemory(from));
        }
    }
}
