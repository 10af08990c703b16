using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins.Host;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Host.Tests.Blobs;

public class BridgeBlobsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly Address Alice = Address.Parse("alice@example.test");

    private IBlobs Blobs => fixture.Server.Services.GetRequiredService<IBlobs>();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65536)]
    [InlineData(1_000_000)]
    public async Task What_is_stored_is_encrypted_and_opens_again(int size)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(size);
        var attachment = await Blobs.StoreAsync(Alice, new MemoryStream(bytes), "report.pdf", "application/pdf", "attachment", default);
        Assert.Equal(("example.test", "report.pdf", "application/pdf", "attachment"), (attachment.Host, attachment.Name, attachment.ContentType, attachment.Disposition));
        Assert.Equal(BlobCipher.EncryptedSize(size), attachment.Size);

        using var response = await fixture.Server.Http.FetchAsync(attachment.BlobId, attachment.DownloadToken);
        byte[] stored = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(attachment.Sha256, BlobClient.HashOf(stored));
        if (size > 32) Assert.Equal(-1, stored.AsSpan().IndexOf(bytes.AsSpan(0, 32)));

        await using var opened = await Blobs.OpenAsync(attachment, default);
        Assert.Equal(bytes, await ReadAsync(opened));
    }

    [Fact]
    public async Task What_its_message_does_not_describe_truly_is_not_opened()
    {
        var attachment = await Blobs.StoreAsync(Alice, new MemoryStream([1, 2, 3]), null, null, "attachment", default);
        string zeros = new('0', 64);
        foreach (var wrong in new[]
        {
            attachment with { Sha256 = zeros },
            attachment with { Size = attachment.Size + 1 },
            attachment with { Size = attachment.Size - 1 },
            attachment with { Size = long.MaxValue },
            attachment with { DownloadToken = null },
            attachment with { DownloadToken = "blt_wrong" },
            attachment with { BlobId = "../state.db" },
            attachment with { BlobId = "blob_unknown" },
            attachment with { Encryption = attachment.Encryption! with { Key = attachment.Encryption.NoncePrefix } },
            attachment with { Encryption = attachment.Encryption! with { ChunkSize = int.MaxValue } },
            attachment with { Encryption = attachment.Encryption! with { PlaintextSize = 2 } },
            attachment with { Encryption = attachment.Encryption! with { PlaintextSize = -1 } },
            attachment with { Encryption = attachment.Encryption! with { PlaintextSha256 = zeros } },
            attachment with { Encryption = attachment.Encryption! with { Algorithm = "ROT13" } },
        })
        {
            Assert.Null(await Blobs.OpenAsync(wrong, default));
        }

        await using var right = await Blobs.OpenAsync(attachment, default);
        Assert.NotNull(right);
    }

    [Fact]
    public async Task A_plain_blob_of_a_client_opens_with_its_token()
    {
        using var owner = await fixture.Server.SignInNewAsync("berta@example.test");
        string id = await owner.UploadAsync([1, 2, 3]);
        var attachment = new Attachment { BlobId = id, Host = "example.test", Sha256 = BlobClient.HashOf([1, 2, 3]), Size = 3, DownloadToken = await owner.TokenAsync(id) };
        await using var opened = await Blobs.OpenAsync(attachment, default);
        Assert.Equal([1, 2, 3], await ReadAsync(opened));
    }

    [Fact]
    public async Task What_is_taken_back_is_gone_but_only_for_its_owner()
    {
        var attachment = await Blobs.StoreAsync(Alice, new MemoryStream([1]), null, null, "attachment", default);
        await Blobs.RemoveAsync(Address.Parse("bob@example.test"), attachment, default);
        await using (var still = await Blobs.OpenAsync(attachment, default)) Assert.NotNull(still);
        await Blobs.RemoveAsync(Alice, attachment, default);
        Assert.Null(await Blobs.OpenAsync(attachment, default));
    }

    [Fact]
    public async Task A_source_that_breaks_leaves_nothing_behind()
    {
        var eve = Address.Parse("eve@example.test");
        await Assert.ThrowsAsync<IOException>(() => Blobs.StoreAsync(eve, new BrokenStream(), null, null, "attachment", default));
        using var client = await fixture.Server.SignInNewAsync("eve@example.test");
        Assert.Empty((await client.AskAsync(BlobClient.Path))["blobs"].EnumerateArray());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(fixture.Server.DataDirectory, "tmp")));
    }

    [Fact]
    public async Task Another_servers_blob_is_fetched_with_the_token_that_came_with_it()
    {
        var (here, there) = await TestServer.StartPairAsync();
        await using var first = here;
        await using var second = there;
        byte[] bytes = RandomNumberGenerator.GetBytes(500_000);
        var attachment = await there.Services.GetRequiredService<IBlobs>().StoreAsync(Address.Parse("bob@peer.test"), new MemoryStream(bytes), "x", null, "attachment", default);

        var blobs = here.Services.GetRequiredService<IBlobs>();
        await using var opened = await blobs.OpenAsync(attachment, default);
        Assert.Equal(bytes, await ReadAsync(opened));
        Assert.Null(await blobs.OpenAsync(attachment with { DownloadToken = "blt_wrong" }, default));
        Assert.Null(await blobs.OpenAsync(attachment with { Sha256 = new string('0', 64) }, default));

        await there.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => blobs.OpenAsync(attachment, default));
    }

    private static async Task<byte[]> ReadAsync(System.IO.Stream? stream)
    {
        using var memory = new MemoryStream();
        await stream!.CopyToAsync(memory);
        return memory.ToArray();
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("broken off");
    }
}
