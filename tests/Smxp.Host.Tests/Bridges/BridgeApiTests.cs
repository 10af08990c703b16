using System.Net;
using System.Text;
using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Bridges;

/// <summary>The door to what a bridge answers, with a bridge that this repository does not know.</summary>
public sealed class BridgeApiTests(EchoServer fixture) : IClassFixture<EchoServer>
{
    private readonly HttpClient _alice = fixture.Alice;
    private readonly HttpClient _admin = fixture.Admin;

    [Fact]
    public async Task A_caller_is_answered_for_the_own_mailbox()
    {
        var answer = (await _alice.AskAsync("/.smxp/bridge/echo/one/t%20wo/?a=1&a=2&b=")).Is(HttpStatusCode.OK);
        Assert.Equal(("GET", "one/t wo", "alice@example.test"), (answer.Text("method"), answer.Text("path"), answer.Text("whose_mailbox")));
        Assert.Equal("""{"a":"2","b":""}""", answer["query"].GetRawText());
        Assert.False(answer.Body.TryGetProperty("body", out _));

        var root = (await _alice.AskAsync("/.smxp/bridge/echo")).Is(HttpStatusCode.OK);
        Assert.Equal(("", 0), (root.Text("path"), root["segments"].GetArrayLength()));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task The_administrator_is_answered_for_no_mailbox(string method)
    {
        var answer = (await _admin.AskAsync(new HttpMethod(method), "/.smxp/admin/bridge/echo/things", new { deep = new[] { 1, 2 } })).Is(HttpStatusCode.OK);
        Assert.Equal((method, "[1,2]"), (answer.Text("method"), answer["body"].GetProperty("deep").GetRawText()));
        Assert.False(answer.Body.TryGetProperty("whose_mailbox", out _));
    }

    [Fact]
    public async Task Every_outcome_has_its_status()
    {
        (await _alice.AskAsync("/.smxp/bridge/echo/missing")).Refuses(HttpStatusCode.NotFound, "no such thing");
        (await _alice.AskAsync("/.smxp/bridge/echo/invalid")).Refuses(HttpStatusCode.BadRequest, "makes no sense");
        (await _alice.AskAsync("/.smxp/bridge/echo/conflict")).Refuses(HttpStatusCode.Conflict, "not now");
        (await _alice.AskAsync("/.smxp/bridge/echo/outage")).Is(HttpStatusCode.ServiceUnavailable);
        (await _alice.AskAsync("/.smxp/bridge/none/things")).Refuses(HttpStatusCode.NotFound, "bridge not found");
        (await _alice.AskAsync("/.smxp/bridge/silent/things")).Refuses(HttpStatusCode.NotFound, "not found");
        (await _admin.AskAsync("/.smxp/admin/bridge/none/things")).Refuses(HttpStatusCode.NotFound, "bridge not found");
        // What is older than this door, and more precise, stays itself.
        (await _alice.AskAsync("/.smxp/bridge/echo/messages/x/original")).Refuses(HttpStatusCode.NotFound, "original not found");
        Assert.Equal(["echo", "silent"], (await _admin.AskAsync("/.smxp/admin/bridge"))["bridges"].EnumerateArray().Select(name => name.GetString()!).Order());
    }

    [Fact]
    public async Task Nobody_else_is_let_in()
    {
        (await fixture.Server.Http.AskAsync("/.smxp/bridge/echo/things")).Refuses(HttpStatusCode.Unauthorized, "unauthorized");
        (await _alice.AskAsync("/.smxp/admin/bridge/echo/things")).Refuses(HttpStatusCode.Unauthorized, "unauthorized");
        (await _admin.AskAsync("/.smxp/bridge/echo/things")).Refuses(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_delegate_reads_with_read_and_does_with_manage()
    {
        using var bob = await fixture.Server.SignInNewAsync("bob@example.test");
        const string Things = "/.smxp/bridge/echo/things?on_behalf_of=alice@example.test";
        (await bob.AskAsync(Things)).Is(HttpStatusCode.Forbidden);
        (await _alice.PostAsync("/.smxp/delegations", new { @delegate = "bob@example.test", scope = "read" })).Is(HttpStatusCode.Created);
        Assert.Equal("alice@example.test", (await bob.AskAsync(Things)).Is(HttpStatusCode.OK).Text("whose_mailbox"));
        (await bob.PostAsync(Things)).Is(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("{\"a\":", "malformed JSON at $")]
    [InlineData("{\"a\":1,\"a\":2}", "malformed JSON at $")]
    [InlineData("{\"long_name\":\"x\",\"count\":\"many\"}", "wrong type at $.count")]
    [InlineData("{\"long_name\":\"\\ud800\",\"count\":1}", "wrong type at $.long_name")]
    [InlineData("[]", "wrong type at $")]
    [InlineData("null", "malformed JSON at $")]
    [InlineData("", "malformed JSON at $")]
    public async Task A_body_that_is_not_as_it_should_be_is_the_callers_fault(string body, string error)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        (await _alice.AskAsync(HttpMethod.Post, "/.smxp/bridge/echo/typed", content)).Refuses(HttpStatusCode.BadRequest, error);
    }

    [Fact]
    public async Task A_body_is_read_as_a_record_and_bounded()
    {
        Assert.Equal(3, (await _alice.PostAsync("/.smxp/bridge/echo/typed", new { long_name = "x", count = 3 })).Is(HttpStatusCode.OK)["count"].GetInt32());
        using var large = new StringContent(JsonSerializer.Serialize(new string('x', 1024 * 1024)), Encoding.UTF8, "application/json");
        (await _alice.AskAsync(HttpMethod.Post, "/.smxp/bridge/echo/things", large)).Refuses(HttpStatusCode.RequestEntityTooLarge, "too large");
        using var text = new StringContent("hello", Encoding.UTF8, "text/plain");
        (await _alice.AskAsync(HttpMethod.Post, "/.smxp/bridge/echo/things", text)).Is(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task The_command_line_asks_as_the_administrator()
    {
        string[] where = ["--server", fixture.Server.BaseAddress.ToString(), "--admin-secret", TestServer.AdminSecret];
        var (exitCode, output, error) = await TestServerProcess.RunAsync(["bridge", "ask", "echo", "one/t wo", "--method", "PUT", "--body", "[1]", .. where]);
        Assert.Equal((0, ""), (exitCode, error));
        using var answer = JsonDocument.Parse(output);
        Assert.Equal(("PUT", "one/t wo"), (answer.RootElement.GetProperty("method").GetString(), answer.RootElement.GetProperty("path").GetString()));

        (exitCode, _, error) = await TestServerProcess.RunAsync(["bridge", "ask", "echo", "missing", .. where]);
        Assert.Equal((1, "The server refused: no such thing."), (exitCode, error.Trim()));
    }
}
