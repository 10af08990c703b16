using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Smxp.Testing;

namespace Smxp.Host.Tests.Federation;

public sealed class ServerKeyTests
{
    [Fact]
    public async Task Serves_the_default_algorithms_key_and_any_other_by_its_id()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.AddDomainAsync("example.test");
        JsonNode first = (await server.Http.GetFromJsonAsync<JsonNode>("/.smxp/server-key/Example.test"))!;
        using HttpClient admin = server.NewAdminClient();
        (await admin.PostAsync("/.smxp/admin/domains/example.test/keys/rotate", null)).EnsureSuccessStatusCode();
        JsonNode second = (await server.Http.GetFromJsonAsync<JsonNode>("/.smxp/server-key/example.test"))!;
        JsonNode retired = (await server.Http.GetFromJsonAsync<JsonNode>($"/.smxp/server-key/example.test?kid={first["key_id"]}"))!;

        Assert.Equal("ML-DSA-65", (string?)first["algorithm"]);
        Assert.NotEqual((string?)first["key_id"], (string?)second["key_id"]);
        Assert.Equal((string?)first["public_key"], (string?)retired["public_key"]);
        Assert.True((int)first["ttl"]! > 0);
    }

    [Theory]
    [InlineData("/.smxp/server-key/other.test", "domain not found")]
    [InlineData("/.smxp/server-key/..%2f", "domain not found")]
    [InlineData("/.smxp/server-key/example.test?kid=none", "key not found")]
    public async Task Says_what_is_not_there(string path, string error)
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.AddDomainAsync("example.test");
        using HttpResponseMessage response = await server.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(error, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]);
    }
}
