using System.Collections.Concurrent;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Tests.Delivery;

/// <summary>A way out that does what the test says, asked before all others.</summary>
internal sealed class FakeTransport : ITransport
{
    public string Name { get; init; } = "fake";
    public int Order => 1;
    public ConcurrentQueue<OutboxEntry> Attempts { get; } = [];
    public Func<Address, Reach> Reaches { get; set; } = static _ => new Reach(ReachKind.Yes);
    public Func<OutboxEntry, CancellationToken, Task<HandOver>> Sends { get; set; } = static (_, _) => Task.FromResult(Taken);

    public static HandOver Taken { get; } = new(HandOverKind.Accepted);

    public static HandOver Later(string why) => new(HandOverKind.Deferred, why);

    public ValueTask<Reach> ReachAsync(Address recipient, CancellationToken cancellationToken) => ValueTask.FromResult(Reaches(recipient));

    public Task<HandOver> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        Attempts.Enqueue(entry);
        return Sends(entry, cancellationToken);
    }

    public static async Task<HandOver> HangAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return Taken;
    }
}
