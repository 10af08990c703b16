using Smxp.Plugins.Bridge;

namespace Smxp.Bridge.Email.Routing;

/// <summary>One reason for which the bridge carries messages to addresses of domains served here. As <see cref="IRecipientClaims"/>.</summary>
internal interface IClaimant
{
    /// <summary>Whether the bridge carries this message; null where this is none of its addresses.</summary>
    ValueTask<RecipientClaim?> ClaimAsync(RecipientQuestion question, CancellationToken cancellationToken);
}
