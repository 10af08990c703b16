using System.Security.Cryptography;
using System.Text;
using Smxp.Plugins.Storage;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

// Blob records and their tokens.
public abstract partial class StateStoreConformance
{
    private static BlobRecord Blob(string id, long createdAt = 1) => new(id, Alice, 5, new string('a', 64), "text/plain", "a \ud800 name", createdAt, null);

    private static BlobToken Grant(string id, string blobId, long createdAt = 1) =>
        new(id, blobId, SHA256.HashData(Encoding.UTF8.GetBytes(id)), "bob@example.test", createdAt, 99);

    [Fact]
    public async Task Keeps_blob_records_with_their_tokens()
    {
        await Store.Blobs.AddAsync(Blob("b1"), [Grant("g1", "b1")], None);
        await RestartAsync();
        Assert.Equal(Blob("b1"), await Store.Blobs.FindAsync("b1", None));
        BlobToken found = (await Store.Blobs.Tokens.FindAsync(Grant("g1", "b1").Hash, None))!;
        Assert.Equal(Grant("g1", "b1") with { Hash = found.Hash }, found);
        Assert.True(await Store.Blobs.FinalizeAsync("b1", 7, None));
        Assert.Equal(7, (await Store.Blobs.FindAsync("b1", None))!.FinalizedAt);
        Assert.False(await Store.Blobs.FinalizeAsync("b2", 7, None));
        Assert.True(await Store.Blobs.RemoveAsync("b1", None));
        Assert.False(await Store.Blobs.RemoveAsync("b1", None));
        Assert.Null(await Store.Blobs.Tokens.FindAsync(Grant("g1", "b1").Hash, None));
    }

    [Fact]
    public async Task Lists_blobs_newest_first_in_pages()
    {
        for (int i = 0; i < 5; i++) await Store.Blobs.AddAsync(Blob($"b{i}", i / 2), [], None);
        IReadOnlyList<BlobRecord> first = await Store.Blobs.ListAsync(Alice, null, 2, None);
        IReadOnlyList<BlobRecord> rest = await Store.Blobs.ListAsync(Alice, first[^1].Id, 10, None);
        Assert.Equal(["b0", "b1", "b2", "b3", "b4"], first.Concat(rest).Select(static blob => blob.Id).Order());
        Assert.Equal(2, first.Count);
        Assert.Equal("b4", first[0].Id);
        Assert.Empty(await Store.Blobs.ListAsync(Bob, null, 10, None));
    }

    [Fact]
    public async Task Lists_abandoned_uploads()
    {
        await Store.Blobs.AddAsync(Blob("old", 1), [], None);
        await Store.Blobs.AddAsync(Blob("done", 1), [], None);
        await Store.Blobs.AddAsync(Blob("young", 10), [], None);
        await Store.Blobs.FinalizeAsync("done", 2, None);
        Assert.Equal(["old"], (await Store.Blobs.ListAbandonedAsync(10, 100, None)).Select(static blob => blob.Id));
    }

    [Fact]
    public async Task Adds_and_removes_tokens()
    {
        await Store.Blobs.AddAsync(Blob("b1"), [], None);
        await Store.Blobs.Tokens.AddAsync([Grant("g1", "b1"), Grant("g2", "b1", 2)], None);
        Assert.Equal(["g2", "g1"], (await Store.Blobs.Tokens.ListAsync("b1", None)).Select(static token => token.Id));
        Assert.False(await Store.Blobs.Tokens.RemoveAsync("b2", "g1", None));
        Assert.True(await Store.Blobs.Tokens.RemoveAsync("b1", "g1", None));
        Assert.Equal(["g2"], (await Store.Blobs.Tokens.ListAsync("b1", None)).Select(static token => token.Id));
    }
}
