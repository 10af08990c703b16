using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Smxp.Host.Configuration;
using Smxp.Host.Domains;
using Smxp.Host.Errors;
using Smxp.Host.Federation;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Delegations;

/// <summary>
/// What every signed request of another server for an owner here must pass (SMXP §6): size, shape, a clock that agrees, an owner served here, the signature of the
/// delegate's domain, a delegation that stands at this moment, and that it was not honoured before.
/// </summary>
internal sealed class RemoteRequestCheck(IKeyRing domains, SignatureVerifier verifier, DelegationPolicy delegations, IStateStore state, SmxpOptions options, TimeProvider time)
{
    private const int WindowSeconds = 300;

    /// <summary>Reads the request and checks what can be checked without a signature.</summary>
    public async Task<(Rejection? Rejection, RemoteRequest? Request)> ReadAsync(HttpContext context, string ownerMember, string delegateMember)
    {
        byte[]? body = await RequestBody.ReadAsync(context, options.Federation.MaxEnvelopeBytes, context.RequestAborted);
        if (body is null) return (Rejection.TooLarge, null);
        if (!SignedRequest.TryParse(body, out SignedRequest? signed, out string? error)) return (Rejection.Malformed(error), null);
        if (!Address.TryParse(signed.GetText(ownerMember), out Address? owner)) return (Rejection.Malformed($"{ownerMember} must be an address"), null);
        if (!Address.TryParse(signed.GetText(delegateMember), out Address? actor)) return (Rejection.Malformed($"{delegateMember} must be an address"), null);
        if (!signed.TryGetInteger("timestamp", out long timestamp)) return (Rejection.Malformed("timestamp must be an integer"), null);
        if (!await domains.IsLocalAsync(owner.Domain, context.RequestAborted)) return (Rejection.OwnerDomainNotHere, null);
        long difference = time.GetUtcNow().ToUnixTimeSeconds() - timestamp;
        if (difference is > WindowSeconds or < -WindowSeconds) return (Rejection.Forbidden($"timestamp is more than {WindowSeconds} s off"), null);
        return (null, new RemoteRequest(signed, owner, actor, timestamp));
    }

    /// <summary>Checks the signature, the delegation as it stands now, and that this very request comes the first time.</summary>
    public async Task<Rejection?> AuthoriseAsync(RemoteRequest request, string scope, string purpose, CancellationToken cancellationToken, params IReadOnlyList<string>[] orders)
    {
        SignedRequest signed = request.Signed;
        Verification verification = await verifier.VerifyAsync(request.Delegate.Domain, signed.ServerKeyId, signed.ServerSignature, signed.SignedTexts(orders), cancellationToken);
        if (verification.Rejection is not null) return verification.Rejection;
        if (!await delegations.AllowsAsync(request.Owner, request.Delegate, scope, cancellationToken)) return Rejection.NoDelegation;
        // What was signed, not how it was written down: other white space or another signature over the same bytes is the same request.
        string nonce = $"{purpose}:{Base64Url.EncodeToString(SHA256.HashData(verification.Text.Span))}";
        // A clock may be ahead as well as behind, so a request can be in its window for twice its length.
        bool isFirst = await state.Peers.TryUseAsync(nonce, request.Timestamp + (2 * WindowSeconds) + 1, time.GetUtcNow().ToUnixTimeSeconds(), cancellationToken);
        return isFirst ? null : Rejection.Replayed;
    }
}

/// <summary>A signed request as read.</summary>
internal sealed record RemoteRequest(SignedRequest Signed, Address Owner, Address Delegate, long Timestamp);

internal static class SignedRequestMembers
{
    /// <summary>An integer as ECMAScript sees it: <c>1e3</c> and <c>1000.0</c> are one too.</summary>
    public static bool TryGetInteger(this SignedRequest request, string member, out long value)
    {
        value = 0;
        if (!request.Body.TryGetProperty(member, out JsonElement number) || number.ValueKind != JsonValueKind.Number) return false;
        if (number.TryGetInt64(out value)) return true;
        if (!number.TryGetDouble(out double real) || real != Math.Floor(real) || Math.Abs(real) > (1L << 53)) return false;
        value = (long)real;
        return true;
    }

    /// <summary>An optional member's text: null where it is absent, false where it is something else.</summary>
    public static bool TryGetOptionalText(this SignedRequest request, string member, out string? text)
    {
        text = request.GetText(member);
        return text is not null || !request.Body.TryGetProperty(member, out JsonElement value) || value.ValueKind == JsonValueKind.Null;
    }
}
