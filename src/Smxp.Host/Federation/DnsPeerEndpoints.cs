using System.Net;
using System.Security.Cryptography;
using Polly.RateLimiting;
using Polly.Timeout;
using Smxp.Protocol;

namespace Smxp.Host.Federation;

/// <summary>Finds other servers by DNS and speaks to them, one endpoint after the other until one answers.</summary>
internal sealed class DnsPeerEndpoints(ServiceLookup services, IHttpClientFactory clients, TimeProvider time) : IPeerEndpoints
{
    private const int MostDomains = 10_000;
    private static readonly TimeSpan LongestTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookupTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AsideTime = TimeSpan.FromSeconds(30);

    private readonly ExpiringCache<string, PeerEndpoints> _found = new(MostDomains, time);

    // Endpoints that did not answer lately stand behind the others, so that a dead one costs its time-out only now and then.
    private readonly ExpiringCache<string, bool> _aside = new(MostDomains, time);

    public async ValueTask<PeerEndpoints> FindAsync(string domain, CancellationToken cancellationToken)
    {
        PeerEndpoints found = await _found.GetAsync(domain, LookUpAsync, cancellationToken);
        if (found.Endpoints.Count < 2) return found;
        // RFC 9460 §2.4.1: ascending priority; among equals, any order.
        PeerEndpoint[] shuffled = [.. found.Endpoints];
        RandomNumberGenerator.Shuffle(shuffled.AsSpan());
        return found with { Endpoints = [.. shuffled.OrderBy(endpoint => _aside.TryGet(endpoint.BaseAddress.Authority, out _)).ThenBy(endpoint => endpoint.Priority)] };
    }

    public async Task<HttpResponseMessage> SendAsync(string domain, Func<HttpRequestMessage> request, string path, CancellationToken cancellationToken)
    {
        PeerEndpoints found = await FindAsync(domain, cancellationToken);
        if (found.Status != PeerStatus.Found) throw new HttpRequestException(HttpRequestError.NameResolutionError, found.Detail);
        return await SendToAnyAsync(found, request, path, cancellationToken);
    }

    public Task<HttpResponseMessage> SendAsync(string host, int port, Func<HttpRequestMessage> request, string path, CancellationToken cancellationToken)
    {
        bool named = DomainName.TryNormalize(host, out string? name) && port is > 0 and <= ushort.MaxValue;
        if (!named || !Uri.TryCreate($"https://{name}:{port}/", UriKind.Absolute, out Uri? address))
            throw new HttpRequestException(HttpRequestError.NameResolutionError, "the attachment's host is not a host name");
        return SendToAnyAsync(new PeerEndpoints(PeerStatus.Found, [new PeerEndpoint(address, [], [])], false, address.Authority), request, path, cancellationToken);
    }

    private async Task<(PeerEndpoints Value, TimeSpan TimeToLive)> LookUpAsync(string domain)
    {
        using var limit = new CancellationTokenSource(LookupTime, time);
        try
        {
            (PeerEndpoints found, TimeSpan timeToLive) = await services.FindAsync(domain, limit.Token);
            return (found, timeToLive < ShortestTime ? ShortestTime : timeToLive > LongestTime ? LongestTime : timeToLive);
        }
        catch (OperationCanceledException)
        {
            return (new PeerEndpoints(PeerStatus.Unknown, [], false, $"SVCB {ServiceBinding.NameFor(domain)}: timed out"), ShortestTime);
        }
    }

    private async Task<HttpResponseMessage> SendToAnyAsync(PeerEndpoints found, Func<HttpRequestMessage> request, string path, CancellationToken cancellationToken)
    {
        HttpClient client = clients.CreateClient(found.Pinned ? PeerHttp.Pinned : PeerHttp.Public);
        var problems = new List<string>();
        HttpResponseMessage? last = null;
        foreach (PeerEndpoint endpoint in found.Endpoints)
        {
            try
            {
                HttpResponseMessage response = await client.SendAsync(Address(request(), endpoint, path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                last?.Dispose();
                last = response;
                if (response.StatusCode is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)) return response;
            }
            catch (Exception exception) when (IsFailure(exception, cancellationToken))
            {
                problems.Add($"{endpoint.BaseAddress.Authority}: {Words(exception)}");
            }
            if (found.Endpoints.Count > 1) _aside.Set(endpoint.BaseAddress.Authority, true, AsideTime);
        }
        return last ?? throw new HttpRequestException(HttpRequestError.ConnectionError, string.Join("; ", problems));
    }

    private static HttpRequestMessage Address(HttpRequestMessage request, PeerEndpoint endpoint, string path)
    {
        request.RequestUri = new Uri(endpoint.BaseAddress, path);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        if (endpoint.Hints.Count > 0) request.Options.Set(PeerConnector.Hints, endpoint.Hints);
        return request;
    }

    private static bool IsFailure(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or TimeoutRejectedException or RateLimiterRejectedException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string Words(Exception exception) => exception switch
    {
        TimeoutRejectedException or OperationCanceledException => "timed out",
        RateLimiterRejectedException => "too many requests under way",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "its certificate or TLS is not acceptable",
        HttpRequestException { InnerException: HttpRequestException inner } => inner.Message,
        HttpRequestException { InnerException: System.Net.Sockets.SocketException socket } => socket.SocketErrorCode.ToString(),
        HttpRequestException http => http.Message,
        _ => "the connection broke",
    };
}
