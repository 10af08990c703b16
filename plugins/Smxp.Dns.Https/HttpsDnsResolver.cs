using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Smxp.Dns.Wire;
using Smxp.Plugins.Dns;

namespace Smxp.Dns.Https;

/// <summary>Asks DNS-over-HTTPS servers one after the other until one answers.</summary>
internal sealed class HttpsDnsResolver : CachingResolver, IDisposable
{
    private const string WireType = "application/dns-message";
    private const string JsonType = "application/dns-json";
    private const int LongestAnswer = 128 * 1024;
    private const int ServerFailure = 2;
    private static readonly TimeSpan LongestLookup = TimeSpan.FromSeconds(12);

    private readonly HttpsDnsSettings _settings;
    private readonly List<HttpsDnsEndpoint> _endpoints;
    private readonly HttpClient _client;

    public HttpsDnsResolver(HttpsDnsSettings settings, TimeProvider time) : base(settings.CacheEntries, LongestLookup, time)
    {
        _settings = settings;
        _endpoints = [.. settings.Endpoints.Select(text => HttpsDnsEndpoint.TryParse(text, out HttpsDnsEndpoint? endpoint) ? endpoint : throw new ArgumentException($"'{text}' is not a DNS-over-HTTPS server.", nameof(settings)))];
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxResponseHeadersLength = 16,
        };
        if (!string.IsNullOrEmpty(settings.TrustedAuthorities))
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(settings.TrustedAuthorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }
        _client = new HttpClient(handler)
        {
            Timeout = TimeSpan.FromMilliseconds(settings.TimeoutMilliseconds),
            MaxResponseContentBufferSize = LongestAnswer,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    public void Dispose() => _client.Dispose();

    protected override async Task<(DnsResponse Response, int Size)> AskAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (HttpsDnsEndpoint endpoint in _endpoints)
        {
            try
            {
                (DnsResponse response, int size) = await AskAsync(endpoint, question, cancellationToken);
                if (response.Code != ServerFailure) return (response with { Authenticated = response.Authenticated && _settings.TrustAuthenticatedData }, size);
                problems.Add($"{endpoint.Address.Authority}: SERVFAIL");
            }
            catch (Exception exception) when (exception is HttpRequestException or FormatException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                problems.Add($"{endpoint.Address.Authority}: {(exception is OperationCanceledException ? "timed out" : exception.Message)}");
            }
        }
        throw new HttpRequestException(string.Join("; ", problems));
    }

    private async Task<(DnsResponse Response, int Size)> AskAsync(HttpsDnsEndpoint endpoint, DnsQuestion question, CancellationToken cancellationToken)
    {
        if (endpoint.Format is { } known) return Read(question, known, await FetchAsync(endpoint.Address, question, known, cancellationToken));
        try
        {
            (DnsResponse, int) answer = Read(question, HttpsDnsFormat.Wire, await FetchAsync(endpoint.Address, question, HttpsDnsFormat.Wire, cancellationToken));
            endpoint.Format = HttpsDnsFormat.Wire;
            return answer;
        }
        // A server that knows no wire format says so with a 4xx; one that cannot be reached, or fails, says nothing about formats.
        catch (HttpRequestException exception) when (exception.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError)
        {
            (DnsResponse, int) answer = Read(question, HttpsDnsFormat.Json, await FetchAsync(endpoint.Address, question, HttpsDnsFormat.Json, cancellationToken));
            endpoint.Format = HttpsDnsFormat.Json;
            return answer;
        }
    }

    private async Task<byte[]> FetchAsync(Uri endpoint, DnsQuestion question, HttpsDnsFormat format, CancellationToken cancellationToken)
    {
        // RFC 8484 §4.1: id 0, so that equal questions are equal requests.
        string query = format == HttpsDnsFormat.Wire
            ? $"dns={Base64Url.EncodeToString(QueryWriter.Write(question, 0))}"
            : $"name={Uri.EscapeDataString(question.Name)}&type={(int)question.Type}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{endpoint}{(endpoint.Query.Length > 0 ? '&' : '?')}{query}"))
        {
            Version = _client.DefaultRequestVersion,
            VersionPolicy = _client.DefaultVersionPolicy,
        };
        string type = format == HttpsDnsFormat.Wire ? WireType : JsonType;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK) throw new HttpRequestException($"answered {(int)response.StatusCode}", null, response.StatusCode);
        string? got = response.Content.Headers.ContentType?.MediaType;
        // The JSON form has gone by several names; the wire format by one only.
        if (format == HttpsDnsFormat.Wire && !string.Equals(got, WireType, StringComparison.OrdinalIgnoreCase))
            throw new HttpRequestException($"answered with {got ?? "no media type"}", null, HttpStatusCode.NotAcceptable);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private static (DnsResponse Response, int Size) Read(DnsQuestion question, HttpsDnsFormat format, byte[] body) =>
        (format == HttpsDnsFormat.Wire ? MessageReader.Read(body, 0, question) : JsonAnswer.Read(body, question), body.Length);
}
