using CsCheck;
using Smxp.Plugins.Conformance.Storage;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Events.Memory.Tests;

public sealed class MemoryEventBusTests : EventBusConformance
{
    protected override Task<IEventBus> OpenAsync() => Task.FromResult<IEventBus>(new MemoryEventBus());

    protected override Task CloseAsync(IEventBus store) => Task.CompletedTask;

    [Fact]
    public void Remembers_nothing_of_watchers_that_left() => Gen.Int[0, 3].Array[0, 40].Sample(
        boxes =>
        {
            var bus = new MemoryEventBus();
            var watching = new List<IDisposable>();
            foreach (int box in boxes) watching.Add(bus.Subscribe(Address.Parse($"u{box}@example.test"), static _ => { }));
            int expected = boxes.Distinct().Count();
            bool all = bus.Watched == expected;
            foreach (IDisposable watcher in watching) watcher.Dispose();
            return all && bus.Watched == 0;
        });

    [Fact]
    public async Task Comings_and_goings_at_once_lose_nobody()
    {
        var bus = new MemoryEventBus();
        Address box = Address.Parse("u@example.test");
        int woken = 0;
        using IDisposable steady = bus.Subscribe(box, _ => Interlocked.Increment(ref woken));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 2000; i++) bus.Subscribe(box, static _ => { }).Dispose();
        })));
        bus.Publish(box, 1);
        Assert.Equal((1, 1), (woken, bus.Watched));
    }
}
