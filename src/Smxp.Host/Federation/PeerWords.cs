using System.Text.Json;

namespace Smxp.Host.Federation;

/// <summary>What another server says when it refuses: its status and the words of its <c>{"error"}</c>, cut to a length and cleaned of control characters.</summary>
internal static class PeerWords
{
    private const int LongestBody = 16 * 1024;
    private const int LongestWords = 500;

    public static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string? words = null;
        try
        {
            byte[]? body = await BoundedContent.ReadAsync(response.Content, LongestBody, cancellationToken);
            if (body is not null) words = Error(body);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
        }
        return string.IsNullOrWhiteSpace(words) ? $"the other server answered {(int)response.StatusCode}" : $"{(int)response.StatusCode} {words}";
    }

    private static string? Error(byte[] body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("error", out JsonElement error) || error.ValueKind != JsonValueKind.String) return null;
            string words = string.Concat(error.GetString()!.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)));
            return words.Length > LongestWords ? words[..LongestWords] : words;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
