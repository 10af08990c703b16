using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Host.Tests.Federation;

public sealed class ReceiveTests : IAsyncLifetime
{
    private ScriptedPeer _peer = null!;
    private TestServer _server = null!;
    private HttpClient _alice = null!;
    private string _key = null!;

    public async Task InitializeAsync()
    {
        _peer = await ScriptedPeer.StartAsync("peer.test");
        _server = await TestServer.StartAsync(settings =>
        {
            settings.Hosts["peer.test"] = _peer.Url;
            settings.Hosts["gone.test"] = $"http://127.0.0.1:{FreePort.Next()}";
            settings.With("Smxp:Federation:MaxEnvelopeBytes", "200000");
        });
        _alice = await _server.SignInNewAsync("alice@example.test");
        _key = _peer.AddKey(_server);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _peer.DisposeAsync();
    }

    [Theory]
    [InlineData("Ed25519")]
    [InlineData("ML-DSA-65")]
    public async Task Accepts_an_envelope_of_another_server(string algorithm)
    {
        SignedEnvelope envelope = _peer.Sign(_peer.AddKey(_server, algorithm), ScriptedPeer.Message("bob@peer.test", "alice@example.test"));
        (HttpStatusCode status, JsonNode body) = await PostAsync(envelope.Utf8.ToArray());

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("accepted", (string?)body["status"]);
        Assert.Equal(envelope.Envelope.Id, (string?)body["id"]);
        Assert.Equal("alice@example.test", (string?)body["original_to"]);
        Assert.Equal("alice@example.test", (string?)body["delivered_to"]![0]);
        Assert.Empty(body["forwarded_to"]!.AsArray());
        Assert.Equal([envelope.Envelope.Id], await InboxAsync());
    }

    [Fact]
    public async Task Rejects_duplicate_message()
    {
        byte[] envelope = Valid();

        Assert.Equal(HttpStatusCode.Created, (await PostAsync(envelope)).Status);
        (HttpStatusCode status, JsonNode body) = await PostAsync(envelope);
        Assert.Equal((HttpStatusCode.Conflict, "duplicate message"), (status, (string?)body["error"]));
        Assert.Single(await InboxAsync());
    }

    [Fact]
    public async Task Rejects_what_has_expired() =>
        await RejectsAsync(Sign(ScriptedPeer.Message("bob@peer.test", "alice@example.test") with { Expires = 1 }), HttpStatusCode.Gone, "message expired");

    [Theory]
    [InlineData("alice@elsewhere.test", "recipient domain not on this server")]
    [InlineData("nobody@example.test", "recipient address not found")]
    public async Task Rejects_a_recipient_that_is_not_here(string to, string error) =>
        await RejectsAsync(Sign(ScriptedPeer.Message("bob@peer.test", to)), HttpStatusCode.NotFound, error);

    [Fact]
    public async Task Rejects_an_id_that_is_not_the_contents()
    {
        string text = Encoding.UTF8.GetString(Valid());
        await RejectsAsync(Encoding.UTF8.GetBytes(text.Replace("\"hello\"", "\"other\"", StringComparison.Ordinal)), HttpStatusCode.BadRequest, "id mismatch");
    }

    [Fact]
    public async Task Rejects_a_signature_over_something_else()
    {
        await RejectsAsync(Tampered(), HttpStatusCode.Forbidden, "verification error: ");
    }

    [Fact]
    public async Task Unknown_members_added_on_the_way_do_not_spoil_the_signature()
    {
        // SMXP §5: they are absent from the orders (b) and (c).
        string text = Encoding.UTF8.GetString(Valid());
        await RejectsAsync(Encoding.UTF8.GetBytes(text.Replace("\"version\"", "\"extra\":1,\"version\"", StringComparison.Ordinal)), HttpStatusCode.Created, null);
    }

    [Fact]
    public async Task Rejects_an_author_of_another_domain_than_the_keys()
    {
        await using ScriptedPeer other = await ScriptedPeer.StartAsync("other.test");
        string otherKey = other.AddKey(_server);
        await RejectsAsync(other.Sign(otherKey, ScriptedPeer.Message("bob@peer.test", "alice@example.test")).Utf8.ToArray(), HttpStatusCode.Forbidden, "verification error: ");
    }

    [Fact]
    public async Task Rejects_a_local_author_signed_elsewhere() =>
        await RejectsAsync(Sign(ScriptedPeer.Message("alice@example.test", "alice@example.test")), HttpStatusCode.Forbidden, "verification error: ");

    [Fact]
    public async Task Asks_to_come_again_when_the_key_cannot_be_had_now()
    {
        await RejectsAsync(Sign(ScriptedPeer.Message("bob@gone.test", "alice@example.test")), HttpStatusCode.ServiceUnavailable, "verification not possible now: ");
        _peer.Instead = _ => Results.StatusCode(500);
        await RejectsAsync(Valid(), HttpStatusCode.ServiceUnavailable, "verification not possible now: ");
    }

    [Fact]
    public async Task Asks_for_a_key_once_however_many_wait_for_it()
    {
        byte[][] envelopes = [.. Enumerable.Range(0, 20).Select(_ => Valid())];
        (HttpStatusCode Status, JsonNode)[] answers = await Task.WhenAll(envelopes.Select(PostAsync));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.Equal(1, _peer.KeyRequests);
    }

    [Fact]
    public async Task Made_up_key_ids_do_not_make_us_an_amplifier()
    {
        byte[] signature = new byte[64];
        for (int i = 0; i < 60; i++)
        {
            byte[] envelope = SignedEnvelope.Sign(ScriptedPeer.Message("bob@peer.test", "alice@example.test"), $"key{i}", _ => signature).Utf8.ToArray();
            Assert.NotEqual(HttpStatusCode.Created, (await PostAsync(envelope)).Status);
        }

        Assert.InRange(_peer.KeyRequests, 1, 20);
    }

    [Fact]
    public async Task A_new_key_is_fetched_when_an_envelope_names_it_and_the_old_one_still_verifies()
    {
        byte[] inFlight = Valid();
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(Valid())).Status);
        string rotated = _peer.AddKey(_server);

        Assert.Equal(HttpStatusCode.Created, (await PostAsync(_peer.Sign(rotated, ScriptedPeer.Message("bob@peer.test", "alice@example.test")).Utf8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(inFlight)).Status);
        Assert.Equal(2, _peer.KeyRequests);
    }

    [Fact]
    public async Task Keys_outlive_a_restart()
    {
        await PostAsync(Valid());
        await _server.RestartAsync();
        _peer.Instead = _ => Results.StatusCode(503);

        Assert.Equal(HttpStatusCode.Created, (await PostAsync(Valid())).Status);
    }

    [Fact]
    public async Task Accepts_the_order_in_which_the_reference_signs()
    {
        Envelope envelope = ScriptedPeer.Message("bob@peer.test", "alice@example.test");
        envelope = envelope with { Id = ContentId.Compute(envelope), Subject = null };
        string creation = $$"""{"version":"SMXP/1.0","id":"{{envelope.Id}}","from":"{{envelope.From}}","to":"{{envelope.To}}","timestamp":{{envelope.Timestamp}},"type":"message","conversation_id":"{{envelope.ConversationId}}","content_type":"text","body":"hello"}""";
        string signature = System.Buffers.Text.Base64Url.EncodeToString(_peer.Sign(_key, Encoding.UTF8.GetBytes(creation)));
        // As the reference's receiving route would pass it on: rebuilt in schema order, which is not what was signed.
        string sent = $$"""{"version":"SMXP/1.0","id":"{{envelope.Id}}","from":"{{envelope.From}}","to":"{{envelope.To}}","timestamp":{{envelope.Timestamp}},"conversation_id":"{{envelope.ConversationId}}","type":"message","content_type":"text","body":"hello","server_signature":"{{signature}}","server_key_id":"{{_key}}"}""";

        await RejectsAsync(Encoding.UTF8.GetBytes(sent), HttpStatusCode.Created, null);
    }

    [Fact]
    public async Task Rejects_an_envelope_that_is_too_large_whether_it_says_so_or_not()
    {
        byte[] large = Sign(ScriptedPeer.Message("bob@peer.test", "alice@example.test", new string('x', 200_000)));
        await RejectsAsync(large, HttpStatusCode.RequestEntityTooLarge, "too large");

        using var request = new HttpRequestMessage(HttpMethod.Post, "/.smxp/receive") { Content = new StreamContent(new MemoryStream(large)) };
        request.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage response = await _server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Reads_a_chunked_body_that_is_not_too_large()
    {
        byte[] envelope = Sign(ScriptedPeer.Message("bob@peer.test", "alice@example.test", new string('x', 150_000)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/.smxp/receive") { Content = new StreamContent(new MemoryStream(envelope)) };
        request.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage response = await _server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "nothing", "" },
        { "white space", "   " },
        { "no JSON", "hello" },
        { "cut off", "{\"version\":\"SMXP/1.0\"" },
        { "null", "null" },
        { "an array", "[]" },
        { "a string", "\"x\"" },
        { "a number", "1e999" },
        { "an empty object", "{}" },
        { "two values", "{} {}" },
        { "a byte order mark alone", "\ufeff" },
        { "deep nesting", new string('[', 5000) + new string(']', 5000) },
        { "deep nesting inside", Change("\"extra\":" + new string('[', 500) + new string(']', 500)) },
        { "a wrong version", Change("\"version\":\"SMXP/2.0\"") },
        { "a number for from", Change("\"from\":1") },
        { "an array for to", Change("\"to\":[\"alice@example.test\"]") },
        { "no address", Change("\"from\":\"bob\"") },
        { "two at signs", Change("\"from\":\"bob@a@peer.test\"") },
        { "a domain with a slash", Change("\"from\":\"bob@peer.test/../x\"") },
        { "a domain with a port", Change("\"from\":\"bob@peer.test:80\"") },
        { "a text for timestamp", Change("\"timestamp\":\"now\"") },
        { "a fraction for timestamp", Change("\"timestamp\":1.5") },
        { "a huge timestamp", Change("\"timestamp\":1e300") },
        { "an unknown type", Change("\"type\":\"explode\"") },
        { "a negative expiry", Change("\"expires\":-1") },
        { "an object for body", Change("\"body\":{}") },
        { "an empty conversation", Change("\"conversation_id\":\"\"") },
        { "attachments that are none", Change("\"attachments\":[1]") },
        { "attachments without members", Change("\"attachments\":[{}]") },
        { "a signature that is no base64url", Change("\"server_signature\":\"???\"") },
        { "an empty signature", Change("\"server_signature\":\"\"") },
        { "a key id with a path", Change("\"server_key_id\":\"../../admin\"") },
        { "a key id with a line break", Change("\"server_key_id\":\"a\\r\\nX: y\"") },
        { "a very long key id", Change("\"server_key_id\":\"" + new string('k', 5000) + "\"") },
        { "a doubled recipient", Change("\"to\":\"nobody@example.test\"") },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Refuses_hostile_input_and_stores_nothing(string what, string body)
    {
        (HttpStatusCode status, JsonNode answer) = await PostAsync(Encoding.UTF8.GetBytes(body));

        Assert.True((int)status is >= 400 and < 500, $"{what}: {status} {answer}");
        Assert.False(string.IsNullOrWhiteSpace((string?)answer["error"]), what);
        Assert.Empty(await InboxAsync());
    }

    [Fact]
    public async Task Refuses_bytes_that_are_not_utf8()
    {
        byte[] envelope = Valid();
        envelope[Encoding.UTF8.GetString(envelope).IndexOf("hello", StringComparison.Ordinal)] = 0xff;

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(envelope)).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData(null)]
    public async Task Minds_no_media_type(string? type)
    {
        using var content = new ByteArrayContent(Valid());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using HttpResponseMessage response = await _server.Http.PostAsync("/.smxp/receive", content);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    // A valid-looking envelope with one member put in front of, and so doubled by, or behind the others: the last of doubles counts.
    private static string Change(string member) =>
        "{\"version\":\"SMXP/1.0\",\"id\":\"x\",\"from\":\"bob@peer.test\",\"to\":\"alice@example.test\",\"timestamp\":1790000000,\"conversation_id\":\"c\",\"body\":\"b\",\"server_signature\":\"AAAA\",\"server_key_id\":\"k\"," + member + "}";

    private byte[] Valid() => Sign(ScriptedPeer.Message("bob@peer.test", "alice@example.test"));

    private byte[] Sign(Envelope envelope) => _peer.Sign(_key, envelope).Utf8.ToArray();

    private byte[] Tampered()
    {
        string text = Encoding.UTF8.GetString(Valid());
        int at = text.IndexOf("\"server_signature\":\"", StringComparison.Ordinal) + 30;
        return Encoding.UTF8.GetBytes(text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..]);
    }

    private async Task RejectsAsync(byte[] body, HttpStatusCode expected, string? error)
    {
        (HttpStatusCode status, JsonNode answer) = await PostAsync(body);
        Assert.Equal(expected, status);
        if (error is not null) Assert.StartsWith(error, (string?)answer["error"], StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using HttpResponseMessage response = await _server.Http.PostAsync("/.smxp/receive", content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private async Task<string[]> InboxAsync() =>
        [.. JsonNode.Parse(await _alice.GetStringAsync("/.smxp/mail/inbox"))!["messages"]!.AsArray().Select(row => (string)row!["id"]!)];
}
