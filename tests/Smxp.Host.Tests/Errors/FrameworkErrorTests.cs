using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Errors;

/// <summary>What the framework refuses by itself comes in the same shape as what we refuse, and says nothing of our insides.</summary>
public sealed class FrameworkErrorTests(FrameworkErrorTests.Fixture fixture) : IClassFixture<FrameworkErrorTests.Fixture>
{
    private readonly HttpClient _http = fixture.Server.Http;

    [Theory]
    [InlineData("/")]
    [InlineData("/.smxp/nowhere")]
    [InlineData("/.smxp/../etc/passwd")]
    public async Task An_unknown_route_is_404(string path) => await ExpectAsync(await _http.GetAsync(path), HttpStatusCode.NotFound, "not found");

    [Fact]
    public async Task A_method_nobody_handles_is_405_and_says_which_are() =>
        await ExpectAsync(await _http.DeleteAsync("/.smxp/health"), HttpStatusCode.MethodNotAllowed, "method not allowed, only GET");

    [Fact]
    public async Task A_body_that_is_not_json_by_name_is_415() =>
        await ExpectAsync(await _http.PostAsync("/.smxp/auth/login", new StringContent("alias=alice", Encoding.UTF8, "application/x-www-form-urlencoded")), HttpStatusCode.UnsupportedMediaType, "unsupported media type, send application/json");

    [Fact]
    public async Task A_charset_that_nobody_knows_is_415()
    {
        var body = new ByteArrayContent("{}"u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=bogus");
        await ExpectAsync(await _http.PostAsync("/.smxp/auth/login", body), HttpStatusCode.UnsupportedMediaType, "unknown charset, send UTF-8");
    }

    [Theory]
    [InlineData("{", "malformed JSON")]
    [InlineData("", "JSON")]
    [InlineData("[]", "wrong type at $")]
    [InlineData("{\"alias\":{},\"domain\":\"example.test\",\"password\":\"x\"}", "wrong type at $.alias")]
    public async Task A_body_that_does_not_bind_is_400_and_says_where(string body, string error) =>
        await ExpectAsync(await PostAsync("/.smxp/auth/login", body), HttpStatusCode.BadRequest, error);

    [Fact]
    public async Task A_body_over_the_limit_is_413() =>
        await ExpectAsync(await PostAsync("/.smxp/auth/login", $"{{\"alias\":\"{new string('a', 100_000)}\"}}"), HttpStatusCode.RequestEntityTooLarge, "too large");

    [Fact]
    public async Task A_deeply_nested_body_is_400() =>
        await ExpectAsync(await PostAsync("/.smxp/auth/login", new string('[', 30_000)), HttpStatusCode.BadRequest, "");

    [Fact]
    public async Task No_error_speaks_of_our_types()
    {
        foreach (var body in new[] { "{", "[]", "7", "{\"alias\":7}", "{\"alias\":null}", "\"\\ud800\"" })
        {
            using var answer = await PostAsync("/.smxp/auth/login", body);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.InRange((int)answer.StatusCode, 400, 499);
            Assert.DoesNotContain("Smxp.Host", text, StringComparison.Ordinal);
            Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\n")]
    public async Task A_body_that_is_no_HTTP_is_told_as_everything_else(string rest)
    {
        string answer = await SayAsync($"POST /.smxp/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n{rest}");
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Contains("{\"error\":\"", answer, StringComparison.Ordinal);
    }

    // Refused by the listener before there is a request to answer, so without our words; and without anybody's.
    [Theory]
    [InlineData("GET /.smxp/health%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /.smxp/health\r\n\r\n", 400)]
    [InlineData("GET /.smxp/health HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /.smxp/health HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400)]
    [InlineData("GET /.smxp/health HTTP/7.0\r\nHost: x\r\n\r\n", 505)]
    public async Task What_never_becomes_a_request_is_refused_bare(string request, int status)
    {
        string answer = await SayAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Kestrel", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_never_end_are_refused() =>
        Assert.StartsWith("HTTP/1.1 431", await SayAsync($"GET /.smxp/health HTTP/1.1\r\nHost: x\r\nX-Long: {new string('a', 40_000)}\r\n\r\n"), StringComparison.Ordinal);

    /// <summary>Says something to the listener, and answers all it says until it hangs up.</summary>
    private async Task<string> SayAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, fixture.Server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer).WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (IOException)
        {
            // It hung up with words of ours unread.
        }

        return Encoding.ASCII.GetString(answer.ToArray());
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) => _http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task ExpectAsync(HttpResponseMessage answer, HttpStatusCode status, string error)
    {
        using (answer)
        {
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(["error"], body.EnumerateObject().Select(member => member.Name));
            Assert.Contains(error, body.GetProperty("error").GetString(), StringComparison.Ordinal);
        }
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await TestServer.StartAsync();

        public Task DisposeAsync() => Server.DisposeAsync().AsTask();
    }
}
