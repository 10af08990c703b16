namespace Smxp.Client.Server;

/// <summary>A domain's public key (SMXP §5).</summary>
/// <param name="PublicKey">The raw key, base64url.</param>
/// <param name="KeyId">Its id.</param>
/// <param name="Algorithm">E.g. <c>ML-DSA-65</c>.</param>
/// <param name="Ttl">How many seconds it may be kept; null where the server does not say.</param>
public sealed record ServerKey(string PublicKey, string KeyId, string Algorithm, int? Ttl = null);
