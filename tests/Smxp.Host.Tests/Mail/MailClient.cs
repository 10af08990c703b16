using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Mail;

/// <summary>A signed-in client of the mail API that speaks plain JSON, as strangers' clients do.</summary>
internal sealed class MailClient(HttpClient http, string address) : IDisposable
{
    public string Address => address;
    public HttpClient Http => http;

    public static async Task<MailClient> NewAsync(TestServer server, string address) => new(await server.SignInNewAsync(address), address);

    public async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage response = await http.GetAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"GET {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> TryGetAsync(string path)
    {
        using HttpResponseMessage response = await http.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object body)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync(path, body);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Sends, expects success, and answers the first result.</summary>
    public async Task<JsonElement> SendAsync(object message)
    {
        (HttpStatusCode status, JsonElement body) = await PostAsync("/.smxp/mail/send", message);
        Assert.True(status == HttpStatusCode.Created, $"{status}: {body}");
        return body.GetProperty("results")[0];
    }

    public async Task<string> SendTextAsync(string to, string text, string? conversation = null) =>
        (await SendAsync(new { to, subject = "Hello", body = text, conversation_id = conversation })).GetProperty("id").GetString()!;

    public async Task<JsonElement[]> InboxAsync(string query = "") => [.. (await GetAsync("/.smxp/mail/inbox" + query)).GetProperty("messages").EnumerateArray()];

    public async Task<JsonElement[]> SentAsync() => [.. (await GetAsync("/.smxp/mail/sent")).GetProperty("messages").EnumerateArray()];

    public async Task<JsonElement> MessageAsync(string id) => (await GetAsync($"/.smxp/mail/messages/{id}")).GetProperty("message");

    public Task<JsonElement[]> InboxOfAsync(int count) => WaitAsync(async () => await InboxAsync("?limit=100") is { } rows && rows.Length >= count ? rows : null);

    public static Task<JsonElement[]> WaitAsync(Func<Task<JsonElement[]?>> get) => Eventually.GetAsync(get);

    public void Dispose() => http.Dispose();
}

internal static class RowAssertions
{
    public static string? Text(this JsonElement row, string member) => row.GetProperty(member).GetString();

    public static int Number(this JsonElement row, string member) => row.GetProperty(member).GetInt32();

    public static string Error(this JsonElement body) => body.GetProperty("error").GetString()!;
}
