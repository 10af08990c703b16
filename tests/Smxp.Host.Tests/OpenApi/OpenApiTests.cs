using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Smxp.Testing;

namespace Smxp.Host.Tests.OpenApi;

public sealed partial class OpenApiTests
{
    [Fact]
    public async Task The_document_describes_the_routes_and_what_guards_them()
    {
        await using var server = await TestServer.StartAsync();
        var document = await server.Http.GetFromJsonAsync<JsonElement>("/openapi/json");
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToHashSet();
        Assert.Superset(new HashSet<string> { "/.smxp/health", "/.smxp/receive", "/.smxp/auth/login", "/.smxp/account/info", "/.smxp/mail/send", "/.smxp/admin/domains", "/.smxp/bridge/{bridge}/{path}", "/.smxp/admin/bridge/{bridge}/{path}" }, paths);
        Assert.True(document.GetProperty("paths").GetProperty("/.smxp/account/info").GetProperty("get").GetProperty("security")[0].TryGetProperty("token", out _));
        Assert.True(document.GetProperty("paths").GetProperty("/.smxp/admin/domains").GetProperty("get").GetProperty("security")[0].TryGetProperty("admin", out _));
        Assert.False(document.GetProperty("paths").GetProperty("/.smxp/health").GetProperty("get").TryGetProperty("security", out _));
        var paging = document.GetProperty("paths").GetProperty("/.smxp/mail/inbox").GetProperty("get").GetProperty("parameters").EnumerateArray();
        Assert.All(paging.Where(parameter => parameter.GetProperty("name").GetString() != "on_behalf_of"), parameter => Assert.NotEmpty(parameter.GetProperty("description").GetString()!));
    }

    [Fact]
    public async Task The_document_says_what_mail_answers()
    {
        await using var server = await TestServer.StartAsync();
        var document = await server.Http.GetFromJsonAsync<JsonElement>("/openapi/json");
        var schemas = document.GetProperty("components").GetProperty("schemas");
        JsonElement Answer(string path, string method, string status) => document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty(status).GetProperty("content");
        JsonElement Schema(JsonElement content) => schemas.GetProperty(content.GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()!.Split('/')[^1]).GetProperty("properties");

        Assert.True(Schema(Answer("/.smxp/mail/inbox", "get", "200")).TryGetProperty("messages", out _));
        Assert.True(Schema(Answer("/.smxp/mail/send", "post", "201")).TryGetProperty("results", out _));
        Assert.True(Schema(Answer("/.smxp/mail/conversations", "get", "200")).TryGetProperty("conversations", out _));
        Assert.True(schemas.GetProperty("MessageRow").GetProperty("properties").TryGetProperty("conversation_id", out _));
        Assert.True(Answer("/.smxp/stream", "get", "200").TryGetProperty("text/event-stream", out _));
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Http.GetAsync("/openapi");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("script-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Empty(Remote().Matches(page).Select(match => match.Value));
        var scripts = Script().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            using var file = await server.Http.GetAsync(new Uri(answer.RequestMessage!.RequestUri!, script));
            Assert.True(file.IsSuccessStatusCode, script);
            Assert.Equal("text/javascript", file.Content.Headers.ContentType?.MediaType);
        }
    }

    [GeneratedRegex("(?:src|href)=\"https?://[^\"]*\"")]
    private static partial Regex Remote();

    [GeneratedRegex("<script[^>]* src=\"([^\"]+)\"")]
    private static partial Regex Script();
}
