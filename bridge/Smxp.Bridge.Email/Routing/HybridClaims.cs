using Smxp.Plugins.Bridge;

namespace Smxp.Bridge.Email.Routing;

/// <summary>Which messages from SMXP, for addresses of hybrid domains, are carried to the legacy server as email.</summary>
internal sealed class HybridClaims(AddressRouter router, CallForward callForward) : IClaimant
{
    private const string Local = "local";
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    public async ValueTask<RecipientClaim?> ClaimAsync(RecipientQuestion question, CancellationToken cancellationToken)
    {
        var ways = await router.FindAsync(question.Recipient, question.HasInbox, cancellationToken);
        if (ways is null or AddressWays.Here) return null;
        var claim = new RecipientClaim(EmailBridge.BridgeName, Alongside: ways.Value.HasFlag(AddressWays.Here));
        if (claim.Alongside) return claim;
        var verdict = await callForward.VerifyAsync(question.Recipient, cancellationToken);
        return verdict.Kind switch
        {
            LegacyVerdictKind.Exists => claim,
            // Without a claim, an address without an inbox is not found: nobody can tell it from any other that does not exist.
            LegacyVerdictKind.Unknown => question.HasInbox ? claim with { Refusal = $"the mail server of {question.Recipient.Domain} does not know {question.Recipient}" } : null,
            // A sender here is told what becomes of a message that waits; another server's is not, so that server keeps it for now.
            _ when question.Origin == Local => claim,
            _ => claim with { Refusal = $"whether {question.Recipient} exists cannot be found out now", RetryAfter = Pause },
        };
    }
}
