using System.Collections.Concurrent;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>
/// The ledger: one line per crossing, in the mailbox it concerns (or the bridge's own, where it concerns none), written in the transaction that makes it true. Beside it a record
/// <c>box/{mailbox}</c> for each mailbox that has lines, so that they can be found again when they are old.
/// </summary>
internal sealed class CrossingLedger(IBridgeState state)
{
    private const string BoxPrefix = "box/";
    private const int MostKnown = 100_000;
    private const int Page = 200;

    private readonly ConcurrentDictionary<Address, bool> _known = new();

    /// <summary>The records of a line.</summary>
    public IReadOnlyList<BridgeRecord> Records(Address? mailbox, string key, Crossing crossing)
    {
        var line = new BridgeRecord(EmailBridge.BridgeName, mailbox, key, crossing.Write());
        return mailbox is null || !IsNew(mailbox) ? [line] : [line, new BridgeRecord(EmailBridge.BridgeName, null, BoxPrefix + mailbox, [])];
    }

    /// <summary>Says that records of a mailbox were not written after all.</summary>
    public void Forget(Address mailbox) => _known.TryRemove(mailbox, out _);

    /// <summary>Writes a line that commits with nothing else.</summary>
    public Task WriteAsync(Address? mailbox, string key, Crossing crossing, CancellationToken cancellationToken) => state.PutAsync(Records(mailbox, key, crossing), cancellationToken);

    /// <summary>The line of this key; null where there is none.</summary>
    public async Task<Crossing?> GetAsync(Address? mailbox, string key, CancellationToken cancellationToken) =>
        await state.GetAsync(EmailBridge.BridgeName, mailbox, key, cancellationToken) is { } value ? Crossing.Read(key, value) : null;

    /// <summary>The line of a message that left; null where it left no line, or that is too old.</summary>
    public async Task<(string Key, Crossing Crossing)?> FindOutgoingAsync(Address mailbox, long at, string id, CancellationToken cancellationToken)
    {
        var found = await state.ListAsync(EmailBridge.BridgeName, mailbox, CrossingKey.PrefixOf(at, id), after: null, Page, cancellationToken);
        foreach (var record in found)
        {
            if (Crossing.Read(record.Key, record.Value) is { OutboxId: not null } line) return (record.Key, line);
        }

        return null;
    }

    /// <summary>Lines with their keys, newest first, after a key (null from the newest), as many as are taken.</summary>
    public async IAsyncEnumerable<(string Key, Crossing Crossing)> ReadAsync(Address? mailbox, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await state.ListAsync(EmailBridge.BridgeName, mailbox, CrossingKey.Prefix, after, Page, cancellationToken);
            foreach (var record in page) yield return (record.Key, Crossing.Read(record.Key, record.Value));
            if (page.Count < Page) yield break;
            after = page[^1].Key;
        }
    }

    /// <summary>Every mailbox that ever had a line.</summary>
    public async IAsyncEnumerable<Address> BoxesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        while (true)
        {
            var page = await state.ListAsync(EmailBridge.BridgeName, null, BoxPrefix, after, Page, cancellationToken);
            foreach (var record in page)
            {
                if (Address.TryParse(record.Key[BoxPrefix.Length..], out var mailbox)) yield return mailbox;
            }

            if (page.Count < Page) yield break;
            after = page[^1].Key;
        }
    }

    /// <summary>Removes some of the lines up to a time; answers how many. Zero when none is left.</summary>
    public async Task<int> RemoveAsync(Address? mailbox, long upTo, CancellationToken cancellationToken)
    {
        var old = await state.ListAsync(EmailBridge.BridgeName, mailbox, CrossingKey.Prefix, CrossingKey.From(upTo), Page, cancellationToken);
        await Task.WhenAll(old.Select(record => state.RemoveAsync(EmailBridge.BridgeName, mailbox, record.Key, cancellationToken)));
        return old.Count;
    }

    private bool IsNew(Address mailbox)
    {
        if (_known.ContainsKey(mailbox)) return false;
        if (_known.Count >= MostKnown) _known.Clear();
        return _known.TryAdd(mailbox, true);
    }
}
