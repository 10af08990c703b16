using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Host.Federation;
using Smxp.Protocol;

namespace Smxp.Host.Delegations;

/// <inheritdoc cref="IRemoteMailbox"/>
internal sealed class RemoteMailbox(RemoteRequestSigner signer, SmxpOptions options, TimeProvider time) : IRemoteMailbox
{
    private const string OnBehalfOf = "on_behalf_of";

    public async Task<IResult> CallAsync(Address owner, Address delegateAddress, HttpRequest request, CancellationToken cancellationToken)
    {
        byte[]? body = HttpMethods.IsGet(request.Method) ? [] : await RequestBody.ReadAsync(request.HttpContext, options.Federation.MaxEnvelopeBytes, cancellationToken);
        if (body is null) return Rejection.TooLarge;
        if (!TryParse(body, out JsonElement? json)) return Rejection.Malformed("malformed JSON at $");
        var query = QueryString.Create(request.Query.Where(item => item.Key != OnBehalfOf).SelectMany(item => item.Value, (item, value) => KeyValuePair.Create(item.Key, value)));
        var members = new Dictionary<string, JsonElement?>
        {
            ["owner"] = Text(owner.ToString()),
            ["delegate"] = Text(delegateAddress.ToString()),
            ["method"] = Text(request.Method),
            ["path"] = Text(request.Path.ToUriComponent()),
            ["query"] = query.HasValue ? Text(query.Value![1..]) : null,
            ["body"] = json,
            ["timestamp"] = JsonSerializer.SerializeToElement(time.GetUtcNow().ToUnixTimeSeconds()),
            ["nonce"] = Text(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16))),
        };
        (Rejection? rejection, HttpResponseMessage? response) = await signer.PostAsync(
            delegateAddress, owner, "/.smxp/delegate-call", members, SignedRequest.DelegateCallOrder, cancellationToken);
        return rejection is not null ? rejection : new RelayedAnswer(response!);
    }

    private static bool TryParse(byte[] body, out JsonElement? json)
    {
        json = null;
        if (body.Length == 0) return true;
        try
        {
            json = JsonElement.Parse(body);
            return json.Value.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);
}
