using System.Text;
using Smxp.Plugins.Storage;

namespace Smxp.Plugins.Conformance.Storage;

/// <summary>What every blob store must do.</summary>
public abstract class BlobStoreConformance : StoreConformance<IBlobStore>
{
    private const string Id = "blob_Abc-9";

    private Task<long> AppendAsync(string text, long offset, string id = Id) => Store.AppendAsync(id, offset, new MemoryStream(Encoding.UTF8.GetBytes(text)), None);

    private async Task<string?> ReadAsync(long offset = 0, string id = Id)
    {
        await using Stream? stream = await Store.OpenAsync(id, offset, None);
        return stream is null ? null : await new StreamReader(stream).ReadToEndAsync();
    }

    [Fact]
    public async Task Uploads_in_pieces_across_a_restart()
    {
        Assert.Null(await Store.GetLengthAsync(Id, None));
        Assert.Equal(5, await AppendAsync("hello", 0));
        await RestartAsync();
        Assert.Equal(5, await Store.GetLengthAsync(Id, None));
        Assert.Equal(11, await AppendAsync(" world", 5));
        Assert.Equal("hello world", await ReadAsync());
        Assert.True(await Store.CompleteAsync(Id, None));
        await RestartAsync();
        Assert.Equal(("hello world", "world", ""), (await ReadAsync(), await ReadAsync(6), await ReadAsync(11)));
        Assert.Equal(11, await Store.GetLengthAsync(Id, None));
    }

    [Fact]
    public async Task Appends_at_the_end_only()
    {
        Assert.Equal(0, await AppendAsync("x", 3));
        Assert.Null(await Store.GetLengthAsync(Id, None));
        await AppendAsync("abc", 0);
        Assert.Equal(3, await AppendAsync("again", 0));
        Assert.Equal(3, await AppendAsync("gap", 9));
        Assert.Equal("abc", await ReadAsync());
    }

    [Fact]
    public async Task A_complete_blob_does_not_change()
    {
        await AppendAsync("done", 0);
        Assert.True(await Store.CompleteAsync(Id, None));
        Assert.Equal(4, await AppendAsync("more", 4));
        Assert.Equal(4, await AppendAsync("other", 0));
        Assert.Equal("done", await ReadAsync());
    }

    [Fact]
    public async Task An_empty_upload_becomes_an_empty_blob()
    {
        Assert.Equal(0, await AppendAsync("", 0));
        Assert.True(await Store.CompleteAsync(Id, None));
        Assert.Equal("", await ReadAsync());
    }

    [Fact]
    public async Task Completes_and_removes_only_what_is_there()
    {
        Assert.False(await Store.CompleteAsync(Id, None));
        Assert.False(await Store.RemoveAsync(Id, None));
        Assert.Null(await Store.OpenAsync(Id, 0, None));
        await AppendAsync("upload", 0);
        Assert.True(await Store.RemoveAsync(Id, None));
        await AppendAsync("blob", 0);
        await Store.CompleteAsync(Id, None);
        Assert.True(await Store.RemoveAsync(Id, None));
        Assert.Null(await Store.GetLengthAsync(Id, None));
    }

    [Fact]
    public async Task An_interrupted_append_goes_on_where_it_broke_off()
    {
        await Assert.ThrowsAsync<IOException>(() => Store.AppendAsync(Id, 0, new BreakingStream(100_000), None));
        long length = await Store.GetLengthAsync(Id, None) ?? 0;
        Assert.InRange(length, 0, 100_000);
        Assert.Equal(length + 3, await AppendAsync("end", length));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../escape")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("/etc/passwd")]
    [InlineData("a\0b")]
    [InlineData("bl\u00f6b")]
    public async Task Refuses_ids_that_are_none(string id)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => AppendAsync("x", 0, id));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.OpenAsync(id, 0, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.GetLengthAsync(id, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.RemoveAsync(id, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CompleteAsync(id, None));
    }

    [Fact]
    public async Task Blobs_do_not_disturb_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            for (int piece = 0; piece < 5; piece++) await AppendAsync($"{i % 10}", piece, $"blob_{i}");
            await Store.CompleteAsync($"blob_{i}", None);
        })));
        for (int i = 0; i < 20; i++) Assert.Equal(new string((char)('0' + (i % 10)), 5), await ReadAsync(0, $"blob_{i}"));
    }

    /// <summary>Gives some bytes, then breaks off as a sender does.</summary>
    private sealed class BreakingStream(int bytes) : MemoryStream(new byte[bytes])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new IOException("broke off");
        }
    }
}
