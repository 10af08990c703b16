using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Smxp.Host.Tests.Blobs;

/// <summary>What the tests of blobs do again and again.</summary>
internal static class BlobClient
{
    public const string Path = "/.smxp/blobs";

    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static async Task<string> AnnounceAsync(this HttpClient client, byte[] bytes, string? contentType = null, string? name = null) =>
        (await client.PostAsync(Path, new { size = bytes.Length, sha256 = HashOf(bytes), content_type = contentType, name })).Is(HttpStatusCode.Created).Text("blob_id");

    public static Task<Answer> PutChunkAsync(this HttpClient client, string id, object offset, byte[] bytes) =>
        client.AskAsync(HttpMethod.Put, $"{Path}/{id}/chunk?offset={offset}", new ByteArrayContent(bytes));

    public static async Task<string> UploadAsync(this HttpClient client, byte[] bytes, string? contentType = null, string? name = null)
    {
        string id = await client.AnnounceAsync(bytes, contentType, name);
        (await client.PutChunkAsync(id, 0, bytes)).Is(HttpStatusCode.OK);
        (await client.PostAsync($"{Path}/{id}/finalize")).Is(HttpStatusCode.OK);
        return id;
    }

    public static async Task<string> TokenAsync(this HttpClient owner, string id) => (await owner.PostAsync($"{Path}/{id}/tokens", new { })).Is(HttpStatusCode.Created).Text("token");

    public static async Task<HttpResponseMessage> FetchAsync(this HttpClient client, string id, string? token = null, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"{Path}/{id}" + (token is null ? "" : $"?token={token}"));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }

    public static async Task<string?> ErrorAsync(this HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error").GetString();
}
