using Smxp.Plugins.Bridge;

namespace Smxp.Bridge.Email.Routing;

/// <summary>What the bridge answers to <see cref="IRecipientClaims"/>: the first claim that somebody makes.</summary>
internal sealed class EmailClaims(IReadOnlyList<IClaimant> claimants)
{
    public async ValueTask<RecipientClaim?> ClaimAsync(RecipientQuestion question, CancellationToken cancellationToken)
    {
        foreach (var claimant in claimants)
        {
            if (await claimant.ClaimAsync(question, cancellationToken) is { } claim) return claim;
        }

        return null;
    }
}
