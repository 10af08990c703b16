using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Smxp.Client.Mail;
using Smxp.Client.Transport;

namespace Smxp.Client.Events;

/// <summary>The stream of a mailbox, kept open: reads Server-Sent Events, and after a break goes on from the last one its reader got.</summary>
internal sealed class EventStream(ApiConnection connection)
{
    /// <summary>Ours: where the stream begins, for a reader that connected without an id and lost the connection before the first event.</summary>
    private const string PositionHeader = "X-SMXP-Stream-Position";

    // SMXP §9: a keepalive comes every 30 s, so three missing ones mean a dead connection.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(95);

    public async IAsyncEnumerable<StreamEvent> ReadAsync(string? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var backOff = new BackOff();
        while (true)
        {
            HttpResponseMessage? response = null;
            try
            {
                response = await OpenAsync(lastEventId, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsPassing(e, cancellationToken))
            {
            }
            if (response is not null)
            {
                using (response)
                {
                    lastEventId ??= response.Headers.TryGetValues(PositionHeader, out var position) ? position.FirstOrDefault() : null;
                    await using var bytes = new SilenceGuard(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), Silence);
                    var parser = SseParser.Create(bytes, static (_, data) => JsonSerializer.Deserialize(data, ApiJson.Default.MessageRow));
                    await using var items = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                    while (await MoveAsync(items, cancellationToken).ConfigureAwait(false))
                    {
                        backOff.Reset(items.Current.ReconnectionInterval);
                        // The id goes forward only with an event that was handed over whole; a torn one is asked for again.
                        lastEventId = items.Current.EventId ?? lastEventId;
                        yield return new StreamEvent(lastEventId ?? "", items.Current.EventType, items.Current.Data ?? new MessageRow());
                    }
                }
            }
            await backOff.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(string? lastEventId, CancellationToken cancellationToken)
    {
        using var request = connection.NewRequest(HttpMethod.Get, ApiPath.Of("stream"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is { Length: > 0 }) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return await connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<bool> MoveAsync(IAsyncEnumerator<SseItem<MessageRow?>> items, CancellationToken cancellationToken)
    {
        try
        {
            return await items.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsPassing(e, cancellationToken))
        {
            return false;
        }
    }

    private static bool IsPassing(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && exception is HttpRequestException or IOException or TimeoutException or OperationCanceledException or SmxpException { IsTransient: true };
}
