using System.Net;
using Smxp.Testing;

namespace Smxp.Host.Tests.Http;

public sealed class CorsTests
{
    [Fact]
    public async Task Off_unless_configured()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Http.SendAsync(Request(HttpMethod.Get, "/.smxp/health"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task On_for_the_origins_named_and_no_others()
    {
        await using var server = await TestServer.StartAsync(settings => settings.With("Smxp:Cors:Origins:0", "https://app.example.test"));
        using (var allowed = await server.Http.SendAsync(Request(HttpMethod.Get, "/.smxp/health"))) Assert.Equal("https://app.example.test", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        using (var other = await server.Http.SendAsync(Request(HttpMethod.Get, "/.smxp/health", "https://evil.test"))) Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
        using (var error = await server.Http.SendAsync(Request(HttpMethod.Get, "/.smxp/nowhere"))) Assert.True(error.Headers.Contains("Access-Control-Allow-Origin"));

        using var preflight = Request(HttpMethod.Options, "/.smxp/mail/send");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using var answer = await server.Http.SendAsync(preflight);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("POST", string.Join(',', answer.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string origin = "https://app.example.test") => new(method, path) { Headers = { { "Origin", origin } } };
}
