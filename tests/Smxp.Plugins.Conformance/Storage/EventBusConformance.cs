using System.Collections.Concurrent;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

/// <summary>What every event bus must do. Wake-ups may come late, and more than once, so the tests wait for them and count none.</summary>
public abstract class EventBusConformance : StoreConformance<IEventBus>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static async Task<long> NextAsync(BlockingCollection<long> heard) =>
        await Task.Run(() => heard.TryTake(out long sequence, Patience) ? sequence : throw new TimeoutException("No wake-up came."));

    [Fact]
    public async Task Wakes_everybody_who_watches_the_mailbox()
    {
        Address box = NewMailbox();
        using var one = new BlockingCollection<long>();
        using var two = new BlockingCollection<long>();
        using IDisposable first = Store.Subscribe(box, one.Add);
        using IDisposable second = Store.Subscribe(box, two.Add);
        Store.Publish(box, 7);
        Assert.Equal((7, 7), (await NextAsync(one), await NextAsync(two)));
    }

    [Fact]
    public async Task Wakes_nobody_else()
    {
        Address box = NewMailbox();
        using var heard = new BlockingCollection<long>();
        using IDisposable other = Store.Subscribe(NewMailbox(), heard.Add);
        using IDisposable mine = Store.Subscribe(box, sequence => heard.Add(-sequence));
        Store.Publish(box, 7);
        Assert.Equal(-7, await NextAsync(heard));
        Assert.Empty(heard);
    }

    [Fact]
    public async Task Whoever_has_left_is_not_woken()
    {
        Address box = NewMailbox();
        using var left = new BlockingCollection<long>();
        using var stayed = new BlockingCollection<long>();
        IDisposable leaving = Store.Subscribe(box, left.Add);
        using IDisposable staying = Store.Subscribe(box, stayed.Add);
        leaving.Dispose();
        leaving.Dispose();
        Store.Publish(box, 1);
        await NextAsync(stayed);
        Assert.Empty(left);
    }

    [Fact]
    public async Task A_watcher_that_throws_harms_nobody()
    {
        Address box = NewMailbox();
        using var heard = new BlockingCollection<long>();
        using IDisposable bad = Store.Subscribe(box, static _ => throw new InvalidOperationException("a bug of the watcher"));
        using IDisposable good = Store.Subscribe(box, heard.Add);
        Store.Publish(box, 3);
        Assert.Equal(3, await NextAsync(heard));
    }

    [Fact]
    public void Publishing_to_nobody_is_nothing() => Store.Publish(NewMailbox(), 1);
}
