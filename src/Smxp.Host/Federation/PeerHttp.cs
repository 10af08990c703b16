using System.Net;
using System.Security.Cryptography.X509Certificates;
using Polly;

namespace Smxp.Host.Federation;

/// <summary>The two HTTP clients for other servers: one for where strangers' records point, one for what the operator pinned.</summary>
/// <remarks>They share no connection, so that a record cannot lead to a connection that was opened on the operator's word.</remarks>
internal static class PeerHttp
{
    public const string Public = "smxp-peer";
    public const string Pinned = "smxp-pinned-peer";

    private static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(20);

    public static void AddPeerHttp(this IServiceCollection services)
    {
        services.AddSingleton<PeerConnector>();
        services.AddSingleton<PeerCertificates>();
        foreach (string name in new[] { Public, Pinned })
        {
            IHttpClientBuilder client = services.AddHttpClient(name, http => http.Timeout = Timeout.InfiniteTimeSpan)
                .ConfigurePrimaryHttpMessageHandler(provider => CreateHandler(provider, name == Public))
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
                .RemoveAllLoggers();
            // Retries are the outbox's; here an attempt only ends in time (until the answer's head), and strangers' servers that hang cannot pile up without bound.
            client.AddResilienceHandler(name, pipeline => pipeline
                .AddConcurrencyLimiter(permitLimit: 256, queueLimit: 1024)
                .AddTimeout(AttemptTime));
        }
    }

    private static SocketsHttpHandler CreateHandler(IServiceProvider provider, bool guarded)
    {
        var handler = new SocketsHttpHandler
        {
            // A redirect could lead anywhere, plain http included; a proxy would resolve names for itself.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 32,
            MaxResponseDrainSize = 64 * 1024,
            MaxConnectionsPerServer = 16,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = AttemptTime,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        };
        // A certificate may name an address to fetch its issuer from, inside the operator's network as well.
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.RemoteCertificateValidationCallback = provider.GetRequiredService<PeerCertificates>().IsValid;
        if (guarded) handler.ConnectCallback = provider.GetRequiredService<PeerConnector>().ConnectAsync;
        return handler;
    }
}
