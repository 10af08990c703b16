using Smxp.Plugins.Conformance.Storage;
using Smxp.Plugins.Storage;

namespace Smxp.Storage.Files.Tests;

public sealed class FileBlobStoreTests : BlobStoreConformance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smxp-files-").FullName;

    private string Root => Path.Combine(_folder, "blobs");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    protected override async Task<IBlobStore> OpenAsync()
    {
        var store = new FileBlobStore(Root);
        await store.StartAsync(CancellationToken.None);
        return store;
    }

    protected override Task CloseAsync(IBlobStore store) => Task.CompletedTask;

    [Fact]
    public async Task Only_the_server_can_read_what_is_stored()
    {
        if (OperatingSystem.IsWindows()) return;
        await Store.AppendAsync("blob_1", 0, new MemoryStream([1]), None);
        await Store.CompleteAsync("blob_1", None);
        const UnixFileMode file = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        foreach (string path in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)) Assert.Equal(file, File.GetUnixFileMode(path));
        foreach (string path in Directory.EnumerateDirectories(Root, "*", SearchOption.AllDirectories)) Assert.Equal(file | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task Says_when_its_directory_is_gone()
    {
        var store = (FileBlobStore)Store;
        Assert.Null(await store.CheckAsync(None));
        Directory.Delete(Root, recursive: true);
        Assert.NotNull(await store.CheckAsync(None));
    }
}
