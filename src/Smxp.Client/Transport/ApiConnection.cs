using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Smxp.Client.Transport;

/// <summary>Requests and answers of the HTTP API: adds the credentials, turns refusals into <see cref="SmxpException"/>, takes up fresh tokens.</summary>
internal sealed class ApiConnection(HttpClient http, Uri baseAddress)
{
    private const string TokenRefreshHeader = "X-SMXP-Token-Refresh";
    private const string AdminHeader = "X-Admin-Api-Key";
    private const int MaxErrorBytes = 64 * 1024;

    private readonly string _prefix = baseAddress.GetLeftPart(UriPartial.Path).TrimEnd('/');

    public event EventHandler<TokenRefreshedEventArgs>? TokenRefreshed;

    public Uri BaseAddress { get; } = baseAddress;
    public string? Token { get; set; }
    public string? AdminSecret { get; set; }

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellationToken) =>
        RequestAsync(HttpMethod.Get, path, null, answer, cancellationToken);

    public Task<T> PostAsync<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> answer, CancellationToken cancellationToken) =>
        RequestAsync(HttpMethod.Post, path, JsonContent.Create(body, bodyType), answer, cancellationToken);

    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var request = NewRequest(HttpMethod.Delete, path);
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
    }

    public async Task<T> RequestAsync<T>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
    {
        using var request = NewRequest(method, path);
        request.Content = content;
        using var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A request to this server with the credentials its path calls for.</summary>
    public HttpRequestMessage NewRequest(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, _prefix + path);
        if (path.StartsWith("/.smxp/admin/", StringComparison.Ordinal))
        {
            if (AdminSecret is { Length: > 0 } secret) request.Headers.TryAddWithoutValidation(AdminHeader, secret);
        }
        else if (Token is { Length: > 0 } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        return request;
    }

    /// <summary>Sends; whatever is not a success is thrown.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken) =>
        SendAsync(request, completion, also: null, cancellationToken);

    /// <summary>Sends; whatever is neither a success nor the status given is thrown.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, HttpStatusCode? also, CancellationToken cancellationToken)
    {
        var response = await http.SendAsync(request, completion, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode || response.StatusCode == also)
        {
            TakeFreshToken(request, response);
            return response;
        }
        using (response)
        {
            throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
    {
        try
        {
            var value = await response.Content.ReadFromJsonAsync(answer, cancellationToken).ConfigureAwait(false);
            return value ?? throw new SmxpException(response.StatusCode, "the server answered null");
        }
        catch (JsonException e)
        {
            throw new SmxpException(response.StatusCode, "the server's answer is not of the expected form", innerException: e);
        }
    }

    private void TakeFreshToken(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues(TokenRefreshHeader, out var values) || values.FirstOrDefault() is not { Length: > 0 } fresh) return;
        // An answer to a request that carried no token, or one replaced since, must not undo a later sign-in.
        if (request.Headers.Authorization?.Parameter is not { } used || used != Token) return;
        Token = fresh;
        TokenRefreshed?.Invoke(this, new TokenRefreshedEventArgs(fresh));
    }

    private static async Task<SmxpException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var retryAfter = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when response.Headers.Date is { } now => date - now,
            _ => (TimeSpan?)null,
        };
        return new SmxpException(response.StatusCode, await ErrorTextAsync(response, cancellationToken).ConfigureAwait(false), retryAfter);
    }

    private static async Task<string> ErrorTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxErrorBytes, cancellationToken).ConfigureAwait(false);
            var body = await response.Content.ReadFromJsonAsync(ApiJson.Default.ErrorAnswer, cancellationToken).ConfigureAwait(false);
            if (body?.Error is { Length: > 0 } error) return error;
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or InvalidOperationException or IOException)
        {
            // Not one of ours: a proxy's page, perhaps. The status says it.
        }
        return response.ReasonPhrase is { Length: > 0 } reason ? reason : response.StatusCode switch
        {
            HttpStatusCode.BadGateway => "bad gateway",
            _ => "the server refused the request",
        };
    }
}
