using System.Net;
using Microsoft.Extensions.Time.Testing;
using Smxp.Host.Federation;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Tests.Federation;

public sealed class SmxpTransportTests : IPeerEndpoints, IDnsResolver, IDisposable
{
    private HttpResponseMessage? _answer;
    private PeerEndpoints _found = new(PeerStatus.Found, [], false, "found");
    private string? _policy;

    [Theory]
    [InlineData(201, HandOverKind.Accepted)]
    [InlineData(200, HandOverKind.Accepted)]
    [InlineData(409, HandOverKind.Accepted)]
    [InlineData(301, HandOverKind.Deferred)]
    [InlineData(400, HandOverKind.Rejected)]
    [InlineData(403, HandOverKind.Rejected)]
    [InlineData(404, HandOverKind.Rejected)]
    [InlineData(410, HandOverKind.Rejected)]
    [InlineData(413, HandOverKind.Rejected)]
    [InlineData(422, HandOverKind.Rejected)]
    [InlineData(408, HandOverKind.Deferred)]
    [InlineData(429, HandOverKind.Deferred)]
    [InlineData(500, HandOverKind.Deferred)]
    [InlineData(502, HandOverKind.Deferred)]
    [InlineData(503, HandOverKind.Deferred)]
    [InlineData(504, HandOverKind.Deferred)]
    public async Task Reads_the_answer_as_the_protocol_says(int status, HandOverKind expected)
    {
        _answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("{\"error\":\"because\"}") };
        HandOver result = await SendAsync();

        Assert.Equal(expected, result.Kind);
        Assert.Equal(expected == HandOverKind.Accepted ? null : $"{status} because", result.Error);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{\"error\":1}")]
    [InlineData("[]")]
    [InlineData("{\"error\":\"\\ud800\"}")]
    public async Task A_refusal_without_words_is_a_refusal(string body)
    {
        _answer = new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent(body) };
        Assert.Equal(HandOverKind.Rejected, (await SendAsync()).Kind);
    }

    [Fact]
    public async Task The_words_of_others_are_cut_and_cleaned()
    {
        _answer = new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent($"{{\"error\":\"a\\r\\nb{new string('x', 5000)}\"}}") };
        string error = (await SendAsync()).Error!;
        Assert.StartsWith("404 abx", error, StringComparison.Ordinal);
        Assert.InRange(error.Length, 500, 510);
    }

    [Fact]
    public async Task Waits_as_long_as_it_is_asked_to()
    {
        _answer = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        _answer.Headers.Add("Retry-After", "120");
        Assert.Equal(TimeSpan.FromMinutes(2), (await SendAsync()).RetryAfter);
    }

    [Fact]
    public async Task An_unreachable_server_is_tried_again()
    {
        HandOver result = await SendAsync();
        Assert.Equal((HandOverKind.Deferred, "nobody there"), (result.Kind, result.Error));
    }

    [Theory]
    [InlineData(nameof(PeerStatus.Found), ReachKind.Yes)]
    [InlineData(nameof(PeerStatus.None), ReachKind.No)]
    [InlineData(nameof(PeerStatus.Unknown), ReachKind.Unknown)]
    public async Task Leads_where_there_is_a_service(string status, ReachKind expected)
    {
        _found = new PeerEndpoints(Enum.Parse<PeerStatus>(status), [], false, "detail");
        Assert.Equal(expected, (await Transport().ReachAsync(Address.Parse("bob@peer.test"), CancellationToken.None)).Kind);
    }

    [Theory]
    [InlineData("require-sig=yes; max-size=1k", HandOverKind.Rejected)]
    [InlineData("require-sig=yes; max-size=4k", HandOverKind.Accepted)]
    [InlineData(null, HandOverKind.Accepted)]
    public async Task Honours_how_much_the_other_domain_accepts(string? policy, HandOverKind expected)
    {
        _policy = policy;
        _answer = new HttpResponseMessage(HttpStatusCode.Created);
        Assert.Equal(expected, (await SendAsync()).Kind);
    }

    public void Dispose() => _answer?.Dispose();

    ValueTask<PeerEndpoints> IPeerEndpoints.FindAsync(string domain, CancellationToken cancellationToken) => ValueTask.FromResult(_found);

    Task<HttpResponseMessage> IPeerEndpoints.SendAsync(string domain, Func<HttpRequestMessage> request, string path, CancellationToken cancellationToken) =>
        Task.FromResult(_answer ?? throw new HttpRequestException("nobody there"));

    Task<HttpResponseMessage> IPeerEndpoints.SendAsync(string host, int port, Func<HttpRequestMessage> request, string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    ValueTask<DnsAnswer?> IDnsResolver.ResolveAsync(DnsQuestion question, CancellationToken cancellationToken) => ValueTask.FromResult<DnsAnswer?>(
        _policy is null ? DnsAnswer.Empty(DnsStatus.NoName, TimeSpan.FromMinutes(1)) : new DnsAnswer(DnsStatus.Found, [new TextData("other"), new TextData(_policy)], TimeSpan.FromMinutes(1)));

    private SmxpTransport Transport() => new(this, new PeerPolicies(this), new FakeTimeProvider());

    private Task<HandOver> SendAsync() => Transport().SendAsync(
        new OutboxEntry
        {
            Id = "1",
            MessageId = "m",
            Recipient = Address.Parse("bob@peer.test"),
            Destination = "peer.test",
            Envelope = new byte[2000],
            DueAt = 0,
            CreatedAt = 0,
            ExpiresAt = 0,
        },
        CancellationToken.None);
}
