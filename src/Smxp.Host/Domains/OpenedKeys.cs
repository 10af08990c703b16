using Smxp.Plugins.Storage;

namespace Smxp.Host.Domains;

/// <summary>A domain's keys, ready for use: the signer of each algorithm, and every public key by its id.</summary>
internal sealed class OpenedKeys
{
    private readonly Dictionary<string, SigningKey> _signers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PublicKey> _public = new(StringComparer.Ordinal);

    public SigningKey? Signer(string algorithm) => _signers.GetValueOrDefault(algorithm);

    public PublicKey? Public(string keyId) => _public.GetValueOrDefault(keyId);

    /// <summary>Opens keys, taking over those that <paramref name="known"/> has open already. Keys of an algorithm that is not enabled are passed over.</summary>
    public static OpenedKeys Open(IReadOnlyList<DomainKey> keys, ISignatureAlgorithms algorithms, OpenedKeys? known, long now)
    {
        var opened = new OpenedKeys();
        foreach (var key in keys)
        {
            if (!algorithms.TryGet(key.Algorithm, out var algorithm)) continue;

            var verifier = known?.Public(key.KeyId)?.Verifier ?? algorithm.OpenPublicKey(key.PublicKey);
            if (verifier is not null) opened._public[key.KeyId] = new PublicKey(key.KeyId, key.Algorithm, key.PublicKey, verifier);

            if (key != keys.SignerAt(key.Algorithm, now)) continue;
            var signer = known?.Signer(key.Algorithm) is { } held && held.KeyId == key.KeyId
                ? held
                : new SigningKey(key.KeyId, key.Algorithm, key.PublicKey, algorithm.OpenSecretKey(key.SecretKey));
            opened._signers.TryAdd(key.Algorithm, signer);
        }

        return opened;
    }
}
