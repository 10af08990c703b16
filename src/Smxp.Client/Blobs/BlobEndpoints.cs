using Smxp.Client.Server;
using Smxp.Client.Transport;
using Smxp.Protocol;

namespace Smxp.Client.Blobs;

/// <summary>Which server to ask for an attachment, and with what: only one's own server sees one's own token.</summary>
internal sealed class BlobEndpoints(ApiConnection connection, ServerClient server, Func<Func<Attachment, CancellationToken, ValueTask<Uri>>?> chosen)
{
    public async ValueTask<HttpRequestMessage> NewRequestAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        string path = ApiPath.Of("blobs", attachment.BlobId).With(("token", attachment.DownloadToken));
        var endpoint = await FindAsync(attachment, cancellationToken).ConfigureAwait(false);
        return endpoint == connection.BaseAddress
            ? connection.NewRequest(HttpMethod.Get, path)
            : new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, path));
    }

    private async ValueTask<Uri> FindAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        if (chosen() is { } find) return await find(attachment, cancellationToken).ConfigureAwait(false);
        // SMXP §4: with a port, host is a host name; without, a domain.
        if (attachment.Port is { } port) return new UriBuilder(Uri.UriSchemeHttps, attachment.Host, port).Uri;
        var health = await server.GetHealthAsync(cancellationToken).ConfigureAwait(false);
        return health.Domains.Contains(attachment.Host, StringComparer.OrdinalIgnoreCase) ? connection.BaseAddress : new UriBuilder(Uri.UriSchemeHttps, attachment.Host).Uri;
    }
}
