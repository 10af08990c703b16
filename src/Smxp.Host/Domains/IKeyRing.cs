using Smxp.Plugins.Signatures;

namespace Smxp.Host.Domains;

/// <summary>The signing keys of the domains served here, opened once and kept. Changes through this server take effect at once, others' within seconds.</summary>
internal interface IKeyRing
{
    /// <summary>Whether a domain is served here.</summary>
    ValueTask<bool> IsLocalAsync(string domain, CancellationToken cancellationToken);

    /// <summary>The active key of a domain for an algorithm; null where the domain is not served here or has none.</summary>
    ValueTask<SigningKey?> FindSignerAsync(string domain, string algorithm, CancellationToken cancellationToken);

    /// <summary>A public key of a local domain by id, retired ones included; null where there is none.</summary>
    ValueTask<PublicKey?> FindPublicAsync(string domain, string keyId, CancellationToken cancellationToken);

    /// <summary>Forgets what is kept of a domain.</summary>
    void Invalidate(string domain);
}

internal sealed record SigningKey(string KeyId, string Algorithm, byte[] PublicKey, ISigner Signer);

internal sealed record PublicKey(string KeyId, string Algorithm, byte[] Key, IVerifier Verifier);
