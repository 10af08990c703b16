using Smxp.Plugins.Bridge;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Routing;

/// <summary>Asks the bridges whether one of them carries a message to an address served here: a hybrid domain's that is still elsewhere, or one that stands for somebody in another world.</summary>
internal sealed class BridgeClaims(IServiceProvider services)
{
    // Asked for late: a bridge is made of what leads here (the intake), so here it cannot be asked for at once.
    private readonly Lazy<(string Name, IRecipientClaims Claims)[]> _claims = new(() =>
        [.. services.GetServices<IBridge>().Where(static bridge => bridge is IRecipientClaims).Select(static bridge => (bridge.Name, (IRecipientClaims)bridge))]);

    /// <summary>The first claim; null where no bridge makes one.</summary>
    public ValueTask<RecipientClaim?> AskAsync(Arrival arrival, bool hasInbox, CancellationToken cancellationToken) =>
        AskAsync(arrival.Envelope.Envelope.From, arrival.Recipient, arrival.Transport, hasInbox, cancellationToken);

    /// <summary>The same, of a message that there may never be.</summary>
    public ValueTask<RecipientClaim?> AskAsync(string from, Address recipient, string transport, bool hasInbox, CancellationToken cancellationToken) =>
        _claims.Value.Length == 0 || !Address.TryParse(from, out Address? author) ? default : AskEachAsync(new RecipientQuestion(recipient, author, transport, hasInbox), cancellationToken);

    private async ValueTask<RecipientClaim?> AskEachAsync(RecipientQuestion question, CancellationToken cancellationToken)
    {
        foreach ((string name, IRecipientClaims claims) in _claims.Value)
        {
            if (name != question.Origin && await claims.ClaimAsync(question, cancellationToken) is { } claim) return claim;
        }

        return null;
    }
}
