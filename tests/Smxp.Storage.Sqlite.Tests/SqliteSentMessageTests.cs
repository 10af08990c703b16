using Smxp.Plugins.Conformance.Storage;
using Smxp.Plugins.Storage;
using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Tests;

public sealed class SqliteSentMessageTests : SentMessageConformance
{
    private readonly TemporaryFolder _folder = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Remove();
    }

    protected override async Task<IMessageStore> OpenAsync() => await Databases.OpenMessagesAsync(_folder.File("messages.db"));

    protected override Task CloseAsync(IMessageStore store) => ((MessageDriver)store).DisposeAsync().AsTask();
}
