using Smxp.Bridge.Email.Routing;
using Smxp.Plugins.Bridge;
using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>Which messages from SMXP, for puppets of people on email, are carried to them: those of senders whom configuration names, at their pace, to people whom email alone reaches.</summary>
internal sealed class PuppetClaims(PuppetDomain domain, SenderPace pace, IDnsResolver dns) : IClaimant
{
    private const string ServiceLabel = "_smxp.";

    public async ValueTask<RecipientClaim?> ClaimAsync(RecipientQuestion question, CancellationToken cancellationToken)
    {
        if (domain.Behind(question.Recipient) is not { } correspondent) return null;
        var claim = new RecipientClaim(EmailBridge.BridgeName, Destination: correspondent.Domain);
        // Strangers learn nothing of what comes after.
        string? refusal = await AuthorRefusalAsync(question.Author, cancellationToken) ?? await CorrespondentRefusalAsync(correspondent, cancellationToken);
        if (refusal is not null) return claim with { Refusal = refusal };
        return pace.TryPass(question.Author, out var pause) ? claim : claim with { Refusal = $"{question.Author} has written as many messages to email as it may for now", RetryAfter = pause };
    }

    private async ValueTask<string?> AuthorRefusalAsync(Address author, CancellationToken cancellationToken)
    {
        bool isOurs = await domain.IsOursAsync(author, cancellationToken);
        if (!(isOurs ? domain.AllowsLocal : domain.Allows(author))) return $"{author} may not write to email through {domain.Name}";
        if (PuppetDomain.IsPuppet(author)) return $"{author} stands for somebody else, who may write to email without {domain.Name}";
        return isOurs || PuppetDomain.IsMailable(author) ? null : $"{author} cannot be written as an email address at {domain.Name}";
    }

    private async ValueTask<string?> CorrespondentRefusalAsync(Address correspondent, CancellationToken cancellationToken)
    {
        if (await domain.IsOursAsync(correspondent, cancellationToken) || PuppetDomain.IsPuppet(correspondent)) return $"{correspondent} is not on email alone; write to {correspondent}";
        if (!PuppetDomain.IsPlain(correspondent.Local)) return $"mail to {correspondent} is not sent for others";
        // Where it cannot be found out, email leads there all the same.
        var service = await dns.ResolveAsync(new DnsQuestion(ServiceLabel + correspondent.Domain, DnsRecordType.Svcb), cancellationToken);
        return service?.Status == DnsStatus.Found ? $"{correspondent.Domain} is on SMXP; write to {correspondent}" : null;
    }
}
