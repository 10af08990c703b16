using Smxp.Plugins.Conformance.Storage;
using Smxp.Plugins.Storage;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Tests;

public sealed class SqliteStateStoreTests : StateStoreConformance
{
    private readonly TemporaryFolder _folder = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Remove();
    }

    protected override async Task<IStateStore> OpenAsync() => await Databases.OpenStateAsync(_folder.File("state.db"));

    protected override Task CloseAsync(IStateStore store) => ((StateDriver)store).DisposeAsync().AsTask();
}
