using System.Collections.Concurrent;
using System.Collections.Immutable;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Events.Memory;

/// <summary>
/// Calls those who watch a mailbox, on the publisher's thread. A mailbox that nobody watches costs nothing, and a subscription costs one object and a slot in an
/// array, so thousands of idle streams are cheap. Publishing takes no lock.
/// </summary>
internal sealed class MemoryEventBus : IEventBus
{
    private readonly ConcurrentDictionary<Address, ImmutableArray<Subscription>> _watched = new();

    /// <summary>How many mailboxes are watched.</summary>
    public int Watched => _watched.Count;

    public void Publish(Address mailbox, long sequence)
    {
        if (!_watched.TryGetValue(mailbox, out ImmutableArray<Subscription> watchers)) return;
        foreach (Subscription watcher in watchers) watcher.Notify(sequence);
    }

    public IDisposable Subscribe(Address mailbox, Action<long> onChanged)
    {
        var subscription = new Subscription(this, mailbox, onChanged);
        _watched.AddOrUpdate(mailbox, static (_, added) => [added], static (_, watchers, added) => watchers.Add(added), subscription);
        return subscription;
    }

    private void Remove(Subscription subscription)
    {
        while (_watched.TryGetValue(subscription.Mailbox, out ImmutableArray<Subscription> watchers))
        {
            ImmutableArray<Subscription> left = watchers.Remove(subscription);
            // Both calls compare with what was read, so a subscription added meanwhile is never lost: the loop reads again.
            bool done = left.IsEmpty
                ? _watched.TryRemove(new KeyValuePair<Address, ImmutableArray<Subscription>>(subscription.Mailbox, watchers))
                : _watched.TryUpdate(subscription.Mailbox, left, watchers);
            if (done) return;
        }
    }

    private sealed class Subscription(MemoryEventBus bus, Address mailbox, Action<long> onChanged) : IDisposable
    {
        private Action<long>? _onChanged = onChanged;

        public Address Mailbox => mailbox;

        public void Notify(long sequence)
        {
            try
            {
                Volatile.Read(ref _onChanged)?.Invoke(sequence);
            }
#pragma warning disable CA1031 // One watcher that breaks its promise not to throw must not silence the others, nor fail a commit that is already stored.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _onChanged, null) is not null) bus.Remove(this);
        }
    }
}
