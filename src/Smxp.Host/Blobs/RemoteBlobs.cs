using System.Net;
using Smxp.Host.Federation;
using Smxp.Protocol;

namespace Smxp.Host.Blobs;

/// <summary>Fetches blobs from the servers that hold them (SMXP §4).</summary>
internal sealed class RemoteBlobs(IPeerEndpoints peers)
{
    /// <summary>The blob's bytes as they come, unchecked; null where the other server does not have it any more, or not for us.</summary>
    /// <exception cref="HttpRequestException">It could not be reached, or failed; it is worth another try.</exception>
    public async Task<System.IO.Stream?> FetchAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        string path = $"/.smxp/blobs/{attachment.BlobId}?token={Uri.EscapeDataString(attachment.DownloadToken ?? "")}";
        Func<HttpRequestMessage> request = static () => new HttpRequestMessage(HttpMethod.Get, (Uri?)null);
        var response = attachment.Port is { } port
            ? await peers.SendAsync(attachment.Host, port, request, path, cancellationToken)
            : await peers.SendAsync(attachment.Host, request, path, cancellationToken);
        try
        {
            if (response.StatusCode == HttpStatusCode.OK) return new ResponseStream(response, await response.Content.ReadAsStreamAsync(cancellationToken));
            bool later = (int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
            if (later) throw new HttpRequestException($"{attachment.Host} answered {(int)response.StatusCode} for a blob", null, response.StatusCode);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        response.Dispose();
        return null;
    }
}
