using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Smxp.Protocol;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Host.Tests.Federation;

/// <summary>Federation as it is in the world: found by DNS, over TLS and h2, believed by the DNS key record.</summary>
public sealed class DiscoveryTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryDirectory _files = new();
    private readonly TestDnsServer _dns = new(new TestZone());
    private TestServer _server = null!;
    private HttpClient _alice = null!;

    private TestZone Zone => _dns.Zone;

    public async Task InitializeAsync() => await StartAsync(allowPrivate: true);

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _dns.Dispose();
        _files.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task Sends_over_tls_and_h2_to_the_endpoint_that_dns_names()
    {
        await using ScriptedPeer peer = await StartPeerAsync("gw.peer.test");
        Zone.Service("_smxp.peer.test", $"1 gw.peer.test. alpn=h2 port={peer.Port}").Address("gw.peer.test", "127.0.0.1");
        JsonNode result = await SendAsync("bob@peer.test");

        Assert.Equal("sent", (string?)result["status"]);
        Assert.Equal(("POST", "/.smxp/receive", "HTTP/2"), Assert.Single(peer.Requests));
        Assert.True(SignedEnvelope.TryParse(Assert.Single(peer.Received), out SignedEnvelope? envelope, out _));
        Assert.Equal((string?)result["id"], envelope.Envelope.Id);
    }

    [Fact]
    public async Task Hints_save_the_lookup_of_addresses()
    {
        await using ScriptedPeer peer = await StartPeerAsync("gw.peer.test");
        Zone.Service("_smxp.peer.test", $"1 gw.peer.test. alpn=h2 port={peer.Port} ipv4hint=127.0.0.1");

        Assert.Equal("sent", (string?)(await SendAsync("bob@peer.test"))["status"]);
        Assert.DoesNotContain(Zone.Asked.Keys, question => question.Name == "gw.peer.test");
    }

    [Fact]
    public async Task Goes_on_to_the_next_endpoint()
    {
        await using ScriptedPeer busy = await StartPeerAsync("busy.peer.test"), alive = await StartPeerAsync("alive.peer.test"), later = await StartPeerAsync("later.peer.test");
        busy.Instead = _ => Results.StatusCode(503);
        Zone.Service("_smxp.peer.test", $"1 dead.peer.test. port={FreePort.Next()} ipv4hint=127.0.0.1").Service("_smxp.peer.test", $"2 busy.peer.test. port={busy.Port} ipv4hint=127.0.0.1")
            .Service("_smxp.peer.test", $"3 alive.peer.test. port={alive.Port} ipv4hint=127.0.0.1").Service("_smxp.peer.test", $"4 later.peer.test. port={later.Port} ipv4hint=127.0.0.1");

        Assert.Equal("sent", (string?)(await SendAsync("bob@peer.test"))["status"]);
        Assert.Single(busy.Requests);
        Assert.Single(alive.Received);
        Assert.Empty(later.Requests);
    }

    [Fact]
    public async Task Sends_nothing_to_a_certificate_for_another_name()
    {
        await using ScriptedPeer peer = await StartPeerAsync("other.peer.test");
        Zone.Service("_smxp.peer.test", $"1 gw.peer.test. port={peer.Port} ipv4hint=127.0.0.1");

        Assert.Equal("queued", (string?)(await SendAsync("bob@peer.test"))["status"]);
        Assert.Empty(peer.Requests);
    }

    [Fact]
    public async Task Sends_nothing_to_a_certificate_of_an_unknown_authority()
    {
        using var stranger = new TestAuthority();
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync("peer.test", certificate: stranger.Issue("gw.peer.test"));
        Zone.Service("_smxp.peer.test", $"1 gw.peer.test. port={peer.Port} ipv4hint=127.0.0.1");

        Assert.Equal("queued", (string?)(await SendAsync("bob@peer.test"))["status"]);
        Assert.Empty(peer.Requests);
    }

    // The address is a stranger's to choose, and may be inside the operator's network.
    [Fact]
    public async Task Fetches_no_issuer_from_where_a_certificate_says()
    {
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        using var stranger = new TestAuthority();
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync("peer.test", certificate: stranger.Issue("gw.peer.test", $"http://{inside.LocalEndpoint}/issuer.cer"));
        Zone.Service("_smxp.peer.test", $"1 gw.peer.test. port={peer.Port} ipv4hint=127.0.0.1");

        Assert.Equal("queued", (string?)(await SendAsync("bob@peer.test"))["status"]);
        Assert.False(inside.Pending());
    }

    [Fact]
    public async Task Sends_nothing_where_a_redirect_leads()
    {
        await using ScriptedPeer inside = await ScriptedPeer.StartAsync("inside.test"), peer = await StartPeerAsync("gw.peer.test");
        peer.Instead = _ => Results.Redirect($"{inside.Url}/.smxp/receive", preserveMethod: true);
        Zone.Service("_smxp.peer.test", $"1 gw.peer.test. port={peer.Port} ipv4hint=127.0.0.1");

        Assert.Equal("queued", (string?)(await SendAsync("bob@peer.test"))["status"]);
        Assert.Empty(inside.Requests);
    }

    [Theory]
    [InlineData("1 gw.peer.test. port={0} ipv4hint=127.0.0.1")]
    [InlineData("1 gw.peer.test. port={0}")]
    [InlineData("1 gw.peer.test. port={0} ipv6hint=::ffff:127.0.0.1")]
    [InlineData("1 alias.peer.test. port={0}")]
    [InlineData("1 127.0.0.1. port={0}")]
    [InlineData("1 2130706433. port={0}")]
    [InlineData("1 0x7f000001. port={0}")]
    [InlineData("1 localhost. port={0}")]
    public async Task Connects_to_nothing_inside_the_operators_network(string record)
    {
        await _server.DisposeAsync();
        await StartAsync(allowPrivate: false);
        await using ScriptedPeer inside = await StartPeerAsync("gw.peer.test");
        Zone.Address("gw.peer.test", "127.0.0.1").Address("gw.peer.test", "::1").Alias("alias.peer.test", "gw.peer.test").Address("localhost", "127.0.0.1")
            .Service("_smxp.peer.test", string.Format(System.Globalization.CultureInfo.InvariantCulture, record, inside.Port));
        bool connected = false;
        inside.Instead = _ =>
        {
            connected = true;
            return null;
        };

        Assert.Equal("queued", (string?)(await SendAsync("bob@peer.test"))["status"]);
        // A key fetch is the same door from the other side: an envelope makes us ask its domain's server.
        string key = inside.AddKey(_server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ReceiveAsync(inside, key, inside.KeyRecordOf(key))).Status);
        Assert.False(connected);
    }

    [Fact]
    public async Task Believes_a_key_that_the_dns_record_names()
    {
        await using ScriptedPeer peer = await StartPeerAsync("gw.peer.test");
        string key = peer.AddKey(_server), other = peer.AddKey(_server);
        Zone.Service("_smxp.peer.test", $"1 gw.peer.test. port={peer.Port} ipv4hint=127.0.0.1").Text("_smxpkey.peer.test", peer.KeyRecordOf(other));

        Assert.Equal(HttpStatusCode.Created, (await ReceiveAsync(peer, key, peer.KeyRecordOf(key))).Status);
        Assert.Equal(HttpStatusCode.Created, (await ReceiveAsync(peer, other, null)).Status);
    }

    [Fact]
    public async Task Refuses_a_key_that_the_dns_record_does_not_name()
    {
        await using ScriptedPeer peer = await StartPeerAsync("gw.peer.test");
        string key = peer.AddKey(_server), other = peer.AddKey(_server);
        Zone.Service("_smxp.peer.test", $"1 gw.peer.test. port={peer.Port} ipv4hint=127.0.0.1");
        (HttpStatusCode status, string? error) = await ReceiveAsync(peer, key, peer.KeyRecordOf(other));

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.StartsWith("verification error: ", error, StringComparison.Ordinal);
        Assert.Equal(0, peer.KeyRequests);
    }

    [Fact]
    public async Task Refuses_a_key_with_another_fingerprint()
    {
        await using ScriptedPeer peer = await StartPeerAsync("gw.peer.test");
        string key = peer.AddKey(_server), other = peer.AddKey(_server);
        Zone.Service("_smxp.peer.test", $"1 gw.peer.test. port={peer.Port} ipv4hint=127.0.0.1");
        (HttpStatusCode status, string? error) = await ReceiveAsync(peer, key, peer.KeyRecordOf(other).Replace(other, key, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.StartsWith("verification error: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_an_author_whose_domain_has_no_service()
    {
        await using ScriptedPeer peer = await StartPeerAsync("gw.peer.test");
        Assert.Equal(HttpStatusCode.Forbidden, (await ReceiveAsync(peer, peer.AddKey(_server), null)).Status);
    }

    [Fact]
    public async Task Asks_to_come_again_when_dns_fails()
    {
        await using ScriptedPeer peer = await StartPeerAsync("gw.peer.test");
        Zone.Codes["_smxp.peer.test"] = 2;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ReceiveAsync(peer, peer.AddKey(_server), null)).Status);
    }

    private async Task StartAsync(bool allowPrivate)
    {
        await File.WriteAllTextAsync(_files["authority.pem"], _authority.Pem);
        _server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Dns:0:Driver", "system").With("Smxp:Dns:0:Servers:0", _dns.Address)
            .With("Smxp:Federation:AllowPrivateNetworks", allowPrivate ? "true" : "false")
            .With("Smxp:Federation:FirstAttemptMilliseconds", "20000")
            .With("Smxp:Federation:TrustedAuthorities", _files["authority.pem"]));
        _alice = await _server.SignInNewAsync("alice@example.test");
    }

    private Task<ScriptedPeer> StartPeerAsync(string name) => ScriptedPeer.StartAsync("peer.test", certificate: _authority.Issue(name));

    private async Task<JsonNode> SendAsync(string to)
    {
        using HttpResponseMessage response = await _alice.PostAsJsonAsync("/.smxp/mail/send", new { to, body = "hello" });
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!["results"]![0]!;
    }

    private async Task<(HttpStatusCode Status, string? Error)> ReceiveAsync(ScriptedPeer peer, string key, string? record)
    {
        if (record is not null) Zone.Text("_smxpkey.peer.test", record);
        SignedEnvelope envelope = peer.Sign(key, ScriptedPeer.Message("bob@peer.test", "alice@example.test"));
        using HttpResponseMessage response = await _server.Http.PostAsync("/.smxp/receive", new ByteArrayContent(envelope.Utf8.ToArray()));
        return (response.StatusCode, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]);
    }
}
