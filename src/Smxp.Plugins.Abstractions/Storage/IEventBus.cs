using Smxp.Protocol;

namespace Smxp.Plugins.Storage;

/// <summary>Wakes those who watch a mailbox. It carries no content: whoever is woken reads the store, so a lost or doubled wake-up is harmless.</summary>
public interface IEventBus
{
    /// <summary>Says that a mailbox has entries up to this sequence. Never blocks, never fails for want of listeners.</summary>
    void Publish(Address mailbox, long sequence);

    /// <summary>Watches a mailbox until disposed. The callback gets the newest sequence; it runs on the publisher's thread, must return at once and must not throw.</summary>
    IDisposable Subscribe(Address mailbox, Action<long> onChanged);
}
