using Smxp.Protocol;

namespace Smxp.Plugins.Storage;

/// <summary>A bridge's durable memory, in the same database as the messages: names and values, per bridge and mailbox.</summary>
/// <remarks>Records that must commit with a message travel in <see cref="Commit.BridgeRecords"/>. An outage is a <see cref="StorageUnavailableException"/>.</remarks>
public interface IBridgeState
{
    /// <summary>One value, or null.</summary>
    Task<byte[]?> GetAsync(string bridge, Address? mailbox, string key, CancellationToken cancellationToken);

    /// <summary>Records whose key begins with the prefix, in key order, after the key named.</summary>
    Task<IReadOnlyList<BridgeRecord>> ListAsync(string bridge, Address? mailbox, string prefix, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Writes records, all or none; false (and nothing written) where a unique one exists.</summary>
    Task<bool> PutAsync(IReadOnlyList<BridgeRecord> records, CancellationToken cancellationToken);

    /// <summary>Removes a record; false where there is none.</summary>
    Task<bool> RemoveAsync(string bridge, Address? mailbox, string key, CancellationToken cancellationToken);
}

/// <summary>One thing a bridge remembers.</summary>
/// <param name="Bridge">The bridge's name.</param>
/// <param name="Mailbox">The mailbox it belongs to; null for the bridge's own.</param>
/// <param name="Key">At most 512 characters, ordinal.</param>
/// <param name="Value">At most 1 MiB; larger things belong in a blob.</param>
/// <param name="Unique">Whether an existing record of this key refuses the write (<see cref="CommitOutcome.Duplicate"/>) instead of being replaced.</param>
public sealed record BridgeRecord(string Bridge, Address? Mailbox, string Key, byte[] Value, bool Unique = false);
