using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Delegations;

/// <summary>What a delegation allows (SMXP §6, §8).</summary>
internal static class DelegationScope
{
    /// <summary>Sending in the owner's name.</summary>
    public const string Send = "send";

    /// <summary>Reading the owner's mail.</summary>
    public const string Read = "read";

    /// <summary>Both, and everything else that may be done to mail.</summary>
    public const string Manage = "manage";

    public static bool IsKnown(string scope) => scope is Send or Read or Manage;
}

/// <summary>Says whether somebody may act for somebody else. It asks the store each time, so that a revocation holds from the next request on.</summary>
internal sealed class DelegationPolicy(IStateStore state, TimeProvider time)
{
    /// <summary>Whether <paramref name="actor"/> may do for <paramref name="owner"/>, an address served here, what <paramref name="scope"/> names. Everybody may act for themselves.</summary>
    /// <remarks>Only the newest delegation between the two counts (SMXP §6): to narrow one, give a narrower one.</remarks>
    public async ValueTask<bool> AllowsAsync(Address owner, Address actor, string scope, CancellationToken cancellationToken)
    {
        if (owner == actor) return true;
        return Allows(await state.Delegations.FindNewestAsync(owner, actor.ToString(), cancellationToken), scope);
    }

    /// <summary>The owners served here for whom <paramref name="actor"/> may do what <paramref name="scope"/> names, itself left out.</summary>
    public async ValueTask<IReadOnlyList<Address>> OwnersAsync(Address actor, string scope, CancellationToken cancellationToken)
    {
        IReadOnlyList<DelegationRecord> given = await state.Delegations.ListByDelegateAsync(actor.ToString(), cancellationToken);
        return [.. given.DistinctBy(static delegation => delegation.Owner).Where(delegation => Allows(delegation, scope)).Select(static delegation => delegation.Owner).Where(owner => owner != actor)];
    }

    private bool Allows(DelegationRecord? delegation, string scope) =>
        delegation is not null && !(delegation.ExpiresAt <= time.GetUtcNow().ToUnixTimeSeconds()) && (delegation.Scope == scope || delegation.Scope == DelegationScope.Manage);
}
