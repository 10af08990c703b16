using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Smxp.Host.Tests;

/// <summary>A JSON answer, read.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, JsonElement Body)
{
    public int Code => (int)Status;

    public string? Error => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("error", out var error) ? error.GetString() : null;

    public JsonElement this[string member] => Body.GetProperty(member);

    public string Text(string member) => Body.GetProperty(member).GetString()!;

    /// <summary>The answer, where its status is the one expected.</summary>
    public Answer Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{Code} instead of {(int)status}: {Body}");
        return this;
    }

    /// <summary>Checks a refusal.</summary>
    public void Refuses(HttpStatusCode status, string error) => Assert.Equal((status, error), (Is(status).Status, Error));
}

internal static class HttpClientAnswers
{
    public static Task<Answer> AskAsync(this HttpClient client, string path) => client.AskAsync(HttpMethod.Get, path);

    public static Task<Answer> PostAsync(this HttpClient client, string path, object? body = null) => client.AskAsync(HttpMethod.Post, path, body);

    public static Task<Answer> PutAsync(this HttpClient client, string path, object body) => client.AskAsync(HttpMethod.Put, path, body);

    public static Task<Answer> RemoveAsync(this HttpClient client, string path) => client.AskAsync(HttpMethod.Delete, path);

    /// <summary>Sends an object as JSON, or content as it is, and reads a JSON answer.</summary>
    public static async Task<Answer> AskAsync(this HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = body as HttpContent ?? JsonContent.Create(body, body.GetType());
        // RFC 9110 §10.1.1: a server that refuses a large body closes the connection while it is still being sent; whoever asks first hears why.
        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > 64 * 1024;
        using var response = await client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        var json = text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
        return new Answer(response.StatusCode, response.Headers, json);
    }
}
