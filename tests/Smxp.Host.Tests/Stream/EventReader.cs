using System.Text.Json;

namespace Smxp.Host.Tests.Stream;

/// <summary>An event as a reader sees it.</summary>
internal sealed record ServerEvent(string Id, string Type, JsonElement Row);

/// <summary>Reads Server-Sent Events line by line, as the standard says and no more cleverly.</summary>
internal sealed class EventReader(HttpResponseMessage response, StreamReader lines) : IDisposable
{
    public HttpResponseMessage Response => response;

    public static async Task<EventReader> OpenAsync(HttpClient http, string? lastEventId = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.smxp/stream" + query);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<ServerEvent?> NextAsync(CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        string id = "", type = "";
        string? data = null;
        while (await lines.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Length == 0 && data is not null) return new ServerEvent(id, type, JsonElement.Parse(data));
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
        }

        return null;
    }

    /// <summary>The next line, whatever it is.</summary>
    public async Task<string?> LineAsync() => await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));

    public async Task<ServerEvent[]> TakeAsync(int count)
    {
        var events = new ServerEvent[count];
        for (int i = 0; i < count; i++) events[i] = await NextAsync() ?? throw new InvalidOperationException("The stream ended.");
        return events;
    }

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }
}
