namespace Smxp.Plugins.Conformance.Storage;

/// <summary>What the kits for stores share: a store that is opened for each test, and can be closed and opened again over the same data.</summary>
public abstract class StoreConformance<TStore> : IAsyncLifetime
    where TStore : class
{
    protected TStore Store { get; private set; } = null!;

    protected static CancellationToken None => CancellationToken.None;

    /// <summary>Opens the store: empty the first time in a test, then over what was stored.</summary>
    protected abstract Task<TStore> OpenAsync();

    /// <summary>Closes the store, keeping what it holds.</summary>
    protected abstract Task CloseAsync(TStore store);

    public virtual async Task InitializeAsync() => Store = await OpenAsync();

    public virtual Task DisposeAsync() => CloseAsync(Store);

    protected async Task RestartAsync()
    {
        await CloseAsync(Store);
        Store = await OpenAsync();
    }
}
