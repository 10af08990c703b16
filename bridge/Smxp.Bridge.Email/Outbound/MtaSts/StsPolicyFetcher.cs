using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Smxp.Bridge.Email.Outbound.Tls;

namespace Smxp.Bridge.Email.Outbound.MtaSts;

/// <summary>Fetches policy files over HTTPS from <c>mta-sts.</c> of the domain (RFC 8461 §3.3): a valid certificate, no redirect, no cache on the way, nothing large, nothing private.</summary>
internal sealed class StsPolicyFetcher : IStsPolicySource, IDisposable
{
    private const int LargestPolicy = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _client;
    private readonly MailRoutes _routes;
    private readonly int _port;

    public StsPolicyFetcher(MailRoutes routes, OutboundSettings settings, X509Certificate2Collection authorities)
    {
        (_routes, _port) = (routes, settings.MtaStsPort);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = ConnectAsync,
            // A policy is asked for once a day; nothing is gained by keeping connections to strangers.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
            MaxResponseHeadersLength = 16,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = ChainRules.Offline(),
                RemoteCertificateValidationCallback = (sender, certificate, chain, errors) => new CertificateJudge("", TlsPolicy.Sts(""), authorities).Accept(certificate, chain, errors),
            },
        };
        _client = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = LargestPolicy, DefaultRequestVersion = HttpVersion.Version11 };
    }

    public async Task<StsFetch> FetchAsync(string domain, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder("https", $"mta-sts.{domain}", _port, "/.well-known/mta-sts.txt").Uri);
            request.Headers.Accept.ParseAdd("text/plain");
            using var response = await _client.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK) return Failed($"the answer was {(int)response.StatusCode}");
            if (!string.Equals(response.Content.Headers.ContentType?.MediaType, "text/plain", StringComparison.OrdinalIgnoreCase)) return Failed("the answer is not text/plain");
            return new StsFetch(Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
        }
        catch (HttpRequestException exception) when (exception.InnerException is AuthenticationException)
        {
            return new StsFetch(null, $"mta-sts.{domain} has no valid certificate", "sts-webpki-invalid");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or UriFormatException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Failed(exception is OperationCanceledException ? "no answer in time" : exception.Message);
        }

        StsFetch Failed(string why) => new(null, $"the policy at mta-sts.{domain} could not be fetched: {why}", "sts-policy-fetch-error");
    }

    public void Dispose() => _client.Dispose();

    // Names go through the configured resolvers, and lead to no network of ours.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var found = await _routes.AddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        Exception? last = null;
        foreach (var address in found.Addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception exception)
            {
                socket.Dispose();
                if (exception is not SocketException) throw;
                last = exception;
            }
        }

        throw last ?? new IOException("it has no address that may be connected to");
    }
}
