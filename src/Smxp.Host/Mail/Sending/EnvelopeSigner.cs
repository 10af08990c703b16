using Smxp.Host.Configuration;
using Smxp.Host.Domains;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Sending;

/// <summary>Signs envelopes with the keys of the domains served here (SMXP §5).</summary>
internal sealed class EnvelopeSigner(IKeyRing keys, SmxpOptions options)
{
    /// <summary>Signs for a local domain. Where it has no key of the algorithm (it was added before configuration named it), its default key signs.</summary>
    /// <exception cref="InvalidOperationException">The domain has no key at all.</exception>
    public async ValueTask<SignedEnvelope> SignAsync(Envelope envelope, string domain, string algorithm, CancellationToken cancellationToken)
    {
        SigningKey key = await keys.FindSignerAsync(domain, algorithm, cancellationToken)
            ?? await keys.FindSignerAsync(domain, options.Signatures.Default, cancellationToken)
            ?? throw new InvalidOperationException($"The domain {domain} has no signing key for {algorithm} or {options.Signatures.Default}.");
        return SignedEnvelope.Sign(envelope, key.KeyId, text => key.Signer.Sign(text.Span));
    }
}
