using System.Buffers.Text;
using Smxp.Host.Configuration;
using Smxp.Host.Domains;
using Smxp.Host.Errors;
using Smxp.Protocol;

namespace Smxp.Host.Federation;

/// <summary><c>GET /.smxp/server-key/{domain}</c>: the public keys of the domains served here (SMXP §5).</summary>
internal static class ServerKeyEndpoints
{
    public static void MapServerKey(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/.smxp/server-key/{domain}", GetAsync).WithTags("Federation").WithSummary("The public key of a domain served here");

    // Without kid the answer is the default algorithm's active key, as the reference has it; with it any key, retired ones too, so that mail in flight still verifies.
    private static async Task<IResult> GetAsync(string domain, string? kid, IKeyRing keys, SmxpOptions options, CancellationToken cancellationToken)
    {
        if (!DomainName.TryNormalize(domain, out string? name) || !await keys.IsLocalAsync(name, cancellationToken)) return Rejection.NotFound("domain");
        if (!string.IsNullOrEmpty(kid))
            return await keys.FindPublicAsync(name, kid, cancellationToken) is { } key ? Answer(key.Key, key.KeyId, key.Algorithm, options) : Rejection.NotFound("key");
        return await keys.FindSignerAsync(name, options.Signatures.Default, cancellationToken) is { } active
            ? Answer(active.PublicKey, active.KeyId, active.Algorithm, options)
            : Rejection.NotFound("key");
    }

    private static IResult Answer(byte[] publicKey, string keyId, string algorithm, SmxpOptions options) =>
        Results.Json(new ServerKeyBody(Base64Url.EncodeToString(publicKey), keyId, algorithm, options.Federation.KeyCacheSeconds), FederationJson.Default.ServerKeyBody);
}
