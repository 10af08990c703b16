using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Smxp.Benchmarks;

/// <summary>Sends through the API with as little work on this side as possible: the load generator shares the machine with the server.</summary>
internal sealed class ApiLoad(BenchHost host, string token, int connections) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseCookies = false, AllowAutoRedirect = false, UseProxy = false });
    private readonly AuthenticationHeaderValue _authorization = new("Bearer", token);

    /// <summary>The JSON of a message of 1 KB.</summary>
    public static byte[] Message(string to, string? conversationId = null) =>
        JsonSerializer.SerializeToUtf8Bytes(new { to, subject = "benchmark", body = new string('x', 1000), conversation_id = conversationId ?? Guid.NewGuid().ToString() });

    public async Task SendAsync(byte[] message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, "/.smxp/mail/send"));
        request.Headers.Authorization = _authorization;
        request.Content = new ByteArrayContent(message) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        await ExpectSuccessAsync(request, cancellationToken);
    }

    public Task GetAsync(string path, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, path));
        request.Headers.Authorization = _authorization;
        return ExpectSuccessAsync(request, cancellationToken);
    }

    /// <summary>Opens an event stream and answers it once its head is there.</summary>
    public async Task<HttpResponseMessage> OpenStreamAsync(CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/.smxp/stream"));
        request.Headers.Authorization = _authorization;
        var response = await _http.SendAsync(request, cancellationToken);
        return response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private async Task ExpectSuccessAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(request, cancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{request.RequestUri} answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(body)}");
    }
}
