using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Federation;

/// <summary>The way out to other SMXP servers: one <c>POST /.smxp/receive</c> per envelope, its bytes as they were signed (SMXP §6).</summary>
internal sealed class SmxpTransport(IPeerEndpoints peers, PeerPolicies policies, TimeProvider time) : ITransport
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public string Name => "smxp";

    public int Order => 100;

    public async ValueTask<Reach> ReachAsync(Address recipient, CancellationToken cancellationToken)
    {
        PeerEndpoints found = await peers.FindAsync(recipient.Domain, cancellationToken);
        return found.Status switch
        {
            PeerStatus.Found => new Reach(ReachKind.Yes),
            PeerStatus.None => new Reach(ReachKind.No, found.Detail),
            _ => new Reach(ReachKind.Unknown, found.Detail),
        };
    }

    public async Task<HandOver> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        PeerEndpoints found = await peers.FindAsync(entry.Recipient.Domain, cancellationToken);
        // A pinned domain need not exist in DNS, so there is no record to ask for.
        long largest = (found.Pinned ? PolicyRecord.Default : await policies.FindAsync(entry.Recipient.Domain, cancellationToken)).MaxSize;
        if (!found.Pinned && entry.Envelope.Length > largest)
            return new HandOver(HandOverKind.Rejected, $"{entry.Recipient.Domain} accepts messages of up to {largest} bytes, this one has {entry.Envelope.Length}");
        try
        {
            using HttpResponseMessage response = await peers.SendAsync(entry.Recipient.Domain, () => Request(entry), "/.smxp/receive", cancellationToken);
            return await JudgeAsync(response, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return new HandOver(HandOverKind.Deferred, exception.Message);
        }
    }

    private static HttpRequestMessage Request(OutboxEntry entry)
    {
        var content = new ReadOnlyMemoryContent(entry.Envelope);
        content.Headers.ContentType = Json;
        return new HttpRequestMessage(HttpMethod.Post, (Uri?)null) { Content = content };
    }

    private async Task<HandOver> JudgeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // SMXP §6: a duplicate is a delivery whose answer was lost.
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.Conflict) return new HandOver(HandOverKind.Accepted);
        string words = await PeerWords.ReadAsync(response, cancellationToken);
        bool isTemporary = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)response.StatusCode is >= 500 or < 400;
        return isTemporary ? new HandOver(HandOverKind.Deferred, words, RetryAfter(response)) : new HandOver(HandOverKind.Rejected, words);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        TimeSpan? pause = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };
        return pause > TimeSpan.Zero ? pause : null;
    }
}
