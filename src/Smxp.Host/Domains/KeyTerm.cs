using Smxp.Plugins.Storage;

namespace Smxp.Host.Domains;

/// <summary>When a key signs: from its creation, which may be yet to come, until another takes over.</summary>
internal static class KeyTerm
{
    /// <summary>The key of an algorithm that signs at a time; null where there is none.</summary>
    public static DomainKey? SignerAt(this IEnumerable<DomainKey> keys, string algorithm, long now)
    {
        var live = keys.Where(key => key.Algorithm == algorithm && !key.IsOver(now)).ToList();
        // Where none has begun, the first will do: nodes' clocks differ, and a domain that was just added signs.
        return live.Where(key => key.CreatedAt <= now).MaxBy(static key => key.CreatedAt) ?? live.MinBy(static key => key.CreatedAt);
    }

    /// <summary>Whether another has taken over, or will have before the key's turn comes.</summary>
    public static bool IsOver(this DomainKey key, long now) => key.RetiredAt <= Math.Max(now, key.CreatedAt);
}
