using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Smxp.Host.Tests.Federation;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Host.Tests.Delegations;

/// <summary>What the owner's server makes of signed requests, good and bad, that another server could send.</summary>
public sealed class SignedRequestTests : IAsyncLifetime
{
    private ScriptedPeer _peer = null!;
    private TestServer _server = null!;
    private HttpClient _alice = null!;
    private string _key = null!;

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public async Task InitializeAsync()
    {
        _peer = await ScriptedPeer.StartAsync("peer.test");
        _server = await TestServer.StartAsync(settings => settings.Hosts["peer.test"] = _peer.Url);
        _alice = await _server.SignInNewAsync("alice@example.test");
        _key = _peer.AddKey(_server);
        (await _alice.PostAsJsonAsync("/.smxp/delegations", new { @delegate = "bob@peer.test", scope = "manage" })).EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task A_request_is_honoured_once_however_it_is_written()
    {
        string request = Send();
        JsonObject spaced = JsonNode.Parse(request)!.AsObject();

        Assert.Equal(HttpStatusCode.Created, (await PostAsync("delegate-send", request)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("delegate-send", request)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("delegate-send", spaced.ToJsonString(new JsonSerializerOptions { WriteIndented = true }))).Status);
        Assert.Single((await InboxAsync()).AsArray());
    }

    [Fact]
    public async Task Answers_as_the_reference_does()
    {
        (HttpStatusCode status, JsonNode body) = await PostAsync("delegate-send", Send());

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(("accepted", "alice@example.test", "bob@peer.test"), ((string?)body["status"], (string?)body["delegated_from"], (string?)body["delegator"]));
        Assert.Equal("alice@example.test", (string?)body["result"]!["to"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Accepts_either_order_of_the_reference_whatever_order_arrives(bool signedInCreationOrder)
    {
        IReadOnlyList<string> signed = signedInCreationOrder ? SignedRequest.DelegateSendCreationOrder : SignedRequest.DelegateSendSchemaOrder;
        JsonObject arrived = JsonNode.Parse(Sign(Members(), signed))!.AsObject();
        var reversed = new JsonObject(arrived.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

        Assert.Equal(HttpStatusCode.Created, (await PostAsync("delegate-send", reversed.ToJsonString())).Status);
    }

    [Theory]
    [InlineData("timestamp", "0", HttpStatusCode.Forbidden)]
    [InlineData("timestamp", "99999999999", HttpStatusCode.Forbidden)]
    [InlineData("timestamp", "\"now\"", HttpStatusCode.BadRequest)]
    [InlineData("timestamp", "1e300", HttpStatusCode.BadRequest)]
    [InlineData("from", "\"alice@other.test\"", HttpStatusCode.NotFound)]
    [InlineData("from", "\"carol@example.test\"", HttpStatusCode.Forbidden)]
    [InlineData("from", "7", HttpStatusCode.BadRequest)]
    [InlineData("delegator", "\"eve@peer.test\"", HttpStatusCode.Forbidden)]
    [InlineData("delegator", "\"alice@example.test\"", HttpStatusCode.Forbidden)]
    [InlineData("delegator", "\"nobody\"", HttpStatusCode.BadRequest)]
    [InlineData("to", "[\"alice@example.test\"]", HttpStatusCode.BadRequest)]
    [InlineData("body", "{}", HttpStatusCode.BadRequest)]
    [InlineData("type", "\"explode\"", HttpStatusCode.BadRequest)]
    [InlineData("expires", "-1", HttpStatusCode.BadRequest)]
    public async Task Refuses_what_is_signed_but_not_right(string member, string value, HttpStatusCode expected)
    {
        Dictionary<string, JsonElement?> members = Members();
        members[member] = JsonElement.Parse(value);
        (HttpStatusCode status, JsonNode body) = await PostAsync("delegate-send", Sign(members, SignedRequest.DelegateSendSchemaOrder));

        Assert.True(status == expected, $"{status} {body}");
        Assert.Empty((await InboxAsync()).AsArray());
    }

    [Theory]
    [InlineData("\"hello\"", "\"other\"", HttpStatusCode.Forbidden)]
    [InlineData("\"server_key_id\":\"", "\"server_key_id\":\"x", HttpStatusCode.Forbidden)]
    [InlineData("{\"from\"", "[\"from\"", HttpStatusCode.BadRequest)]
    public async Task Refuses_what_was_changed_on_the_way(string old, string @new, HttpStatusCode expected) =>
        Assert.Equal(expected, (await PostAsync("delegate-send", Send().Replace(old, @new, StringComparison.Ordinal))).Status);

    [Fact]
    public async Task Runs_a_call_once_as_the_owner()
    {
        string call = Call("GET", "/.smxp/mail/unread", query: "grouped=1");

        (HttpStatusCode status, JsonNode body) = await PostAsync("delegate-call", call);
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
        Assert.Equal(0, (int)body["total"]!);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("delegate-call", call)).Status);
    }

    [Fact]
    public async Task Runs_a_send_as_the_owner()
    {
        (HttpStatusCode status, JsonNode body) = await PostAsync("delegate-call", Call("POST", "/.smxp/mail/send", body: """{"from":"alice@example.test","to":"alice@example.test","body":"by bob"}"""));

        Assert.True(status == HttpStatusCode.Created, body.ToJsonString());
        JsonNode row = (await InboxAsync())[0]!;
        Assert.Equal(("alice@example.test", "by bob"), ((string?)row["from"], (string?)row["body"]));
    }

    [Theory]
    [InlineData("GET", "/.smxp/account/info", null, null)]
    [InlineData("GET", "/.smxp/mail/messages/..%2f..%2faccount%2finfo", null, null)]
    [InlineData("DELETE", "/.smxp/mail/inbox", null, null)]
    [InlineData("POST", "/.smxp/delegate-call", null, "{}")]
    [InlineData("GET", "/.smxp/mail/inbox", "on_behalf_of=carol@example.test", null)]
    [InlineData("GET", "/.smxp/mail/inbox", "On_Behalf_Of=carol@example.test", null)]
    [InlineData("GET", "/.smxp/mail/inbox", "on%5Fbehalf_of=carol@example.test", null)]
    [InlineData("POST", "/.smxp/mail/send", null, """{"from":"carol@example.test","to":"alice@example.test","body":"x"}""")]
    [InlineData("POST", "/.smxp/mail/send", null, """{"From":"carol@example.test","to":"alice@example.test","body":"x"}""")]
    [InlineData("POST", "/.smxp/mail/send", null, """{"on_behalf_of":"carol@example.test","to":"alice@example.test","body":"x"}""")]
    [InlineData("POST", "/.smxp/mail/send", null, """{"from":"alice@example.test","from":"carol@example.test","to":"alice@example.test","body":"x"}""")]
    public async Task Runs_nothing_beyond_the_owners_mail(string method, string path, string? query, string? body)
    {
        // Carol gave alice everything; that is not bob's to use.
        HttpClient carol = await _server.SignInNewAsync("carol@example.test");
        (await carol.PostAsJsonAsync("/.smxp/delegations", new { @delegate = "alice@example.test", scope = "manage" })).EnsureSuccessStatusCode();
        (HttpStatusCode status, JsonNode answer) = await PostAsync("delegate-call", Call(method, path, query, body));

        Assert.True(status == HttpStatusCode.Forbidden, $"{status} {answer}");
        Assert.Empty((await InboxAsync()).AsArray());
    }

    [Fact]
    public async Task A_callers_headers_open_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/.smxp/delegate-call") { Content = new StringContent(Call("GET", "/.smxp/mail/inbox", owner: "carol@example.test")) };
        await _server.AddInboxAsync("carol@example.test");
        request.Headers.Add("Authorization", $"Bearer {await _server.NewTokenAsync("carol@example.test")}");
        using HttpResponseMessage response = await _server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static Dictionary<string, JsonElement?> Members() => new()
    {
        ["from"] = Text("alice@example.test"),
        ["to"] = Text("alice@example.test"),
        ["delegator"] = Text("bob@peer.test"),
        ["timestamp"] = JsonSerializer.SerializeToElement(Now),
        ["body"] = Text("hello"),
    };

    private string Send() => Sign(Members(), SignedRequest.DelegateSendSchemaOrder);

    private string Call(string method, string path, string? query = null, string? body = null, string owner = "alice@example.test") => Sign(
        new Dictionary<string, JsonElement?>
        {
            ["owner"] = Text(owner),
            ["delegate"] = Text("bob@peer.test"),
            ["method"] = Text(method),
            ["path"] = Text(path),
            ["query"] = query is null ? null : Text(query),
            ["body"] = body is null ? null : JsonElement.Parse(body),
            ["timestamp"] = JsonSerializer.SerializeToElement(Now),
            ["nonce"] = Text(Guid.NewGuid().ToString()),
        },
        SignedRequest.DelegateCallOrder);

    private string Sign(Dictionary<string, JsonElement?> members, IReadOnlyList<string> order) =>
        Encoding.UTF8.GetString(SignedRequest.Sign(members, order, _key, text => _peer.Sign(_key, text.Span)).Utf8.Span);

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);

    private async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string what, string body)
    {
        using HttpResponseMessage response = await _server.Http.PostAsync($"/.smxp/{what}", new StringContent(body, Encoding.UTF8, "application/json"));
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private async Task<JsonNode> InboxAsync() => (await _alice.GetFromJsonAsync<JsonNode>("/.smxp/mail/inbox"))!["messages"]!;
}
