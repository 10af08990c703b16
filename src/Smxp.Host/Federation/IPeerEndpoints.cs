namespace Smxp.Host.Federation;

/// <summary>Where a domain's SMXP server is (SMXP §7).</summary>
internal interface IPeerEndpoints
{
    /// <summary>The endpoints of a domain in the order to try them, from cache where it can.</summary>
    ValueTask<PeerEndpoints> FindAsync(string domain, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a request to the first endpoint of a domain that answers, failing over in order. The path begins with <c>/.smxp/</c>.
    /// The answer's head has arrived, its body is still to be read (within bounds: it is a stranger's) and disposed.
    /// No connection is made to an address inside the operator's network unless configuration allows it.
    /// </summary>
    /// <exception cref="HttpRequestException">No endpoint could be reached; the message says which were tried.</exception>
    Task<HttpResponseMessage> SendAsync(string domain, Func<HttpRequestMessage> request, string path, CancellationToken cancellationToken);

    /// <summary>The same for a host and port an attachment names (SMXP §4), over HTTPS.</summary>
    Task<HttpResponseMessage> SendAsync(string host, int port, Func<HttpRequestMessage> request, string path, CancellationToken cancellationToken);
}

/// <summary>What was found.</summary>
/// <param name="Status">Whether there is a service.</param>
/// <param name="Endpoints">Where, in order.</param>
/// <param name="Pinned">Whether the operator pinned it, so that no key record is asked for.</param>
/// <param name="Detail">Which look-ups were made and what they said, in words.</param>
internal sealed record PeerEndpoints(PeerStatus Status, IReadOnlyList<PeerEndpoint> Endpoints, bool Pinned, string Detail);

internal enum PeerStatus
{
    Found,
    None,
    Unknown,
}

/// <summary>One endpoint: what to connect to, and the name its certificate must hold.</summary>
internal sealed record PeerEndpoint(Uri BaseAddress, IReadOnlyList<System.Net.IPAddress> Hints, IReadOnlyList<string> Alpn, ushort Priority = 0);
