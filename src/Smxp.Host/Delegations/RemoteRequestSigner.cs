using System.Net.Http.Headers;
using System.Text.Json;
using Smxp.Host.Configuration;
using Smxp.Host.Domains;
using Smxp.Host.Errors;
using Smxp.Host.Federation;
using Smxp.Protocol;

namespace Smxp.Host.Delegations;

/// <summary>Signs requests for owners elsewhere with the key of the delegate's domain, and takes them to the owner's server (SMXP §6).</summary>
internal sealed class RemoteRequestSigner(IKeyRing keys, IPeerEndpoints peers, SmxpOptions options)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>The owner's server's answer, to be disposed, or why there is none.</summary>
    public async Task<(Rejection? Rejection, HttpResponseMessage? Response)> PostAsync(
        Address delegateAddress, Address owner, string path, IReadOnlyDictionary<string, JsonElement?> members, IReadOnlyList<string> order, CancellationToken cancellationToken)
    {
        SigningKey? key = await keys.FindSignerAsync(delegateAddress.Domain, options.Signatures.Default, cancellationToken);
        if (key is null) return (Rejection.Forbidden($"{delegateAddress.Domain} has no {options.Signatures.Default} key"), null);
        SignedRequest signed = SignedRequest.Sign(members, order, key.KeyId, text => key.Signer.Sign(text.Span));
        try
        {
            return (null, await peers.SendAsync(owner.Domain, () => Post(signed), path, cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            return (Rejection.OwnerUnreachable(exception.Message), null);
        }
    }

    /// <summary>The other server's refusal as ours: what it said of the request is passed on, what it said of itself is a bad gateway.</summary>
    public static async Task<Rejection> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string words = await PeerWords.ReadAsync(response, cancellationToken);
        int status = (int)response.StatusCode;
        return status is >= 400 and < 500 and not 401 ? new Rejection(status, words) : Rejection.OwnerUnreachable(words);
    }

    // A request that is tried at a second endpoint is the same bytes; if the first one did act on it, the second answers 409 and nothing is done twice.
    private static HttpRequestMessage Post(SignedRequest signed)
    {
        var content = new ReadOnlyMemoryContent(signed.Utf8);
        content.Headers.ContentType = Json;
        return new HttpRequestMessage(HttpMethod.Post, (Uri?)null) { Content = content };
    }
}
