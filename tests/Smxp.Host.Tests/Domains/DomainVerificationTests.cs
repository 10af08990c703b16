using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins.Dns;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Host.Tests.Domains;

public sealed class DomainVerificationTests : IAsyncLifetime
{
    /// <summary>A key record of a key that is not ours.</summary>
    private static readonly KeyRecord Older = new("ML-DSA-65", new string('A', 22), new string('A', 43));

    private readonly FakeDns _dns = new();
    private TestServer _server = null!;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(settings => settings.Services = services => services.AddSingleton<IDnsResolver>(_dns));
        _admin = _server.NewAdminClient();
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Is_verified_once_dns_says_what_it_should()
    {
        var added = (await _admin.PostAsync("/.smxp/admin/domains", new { domain = "example.test" }))["dns"];
        string key = added.GetProperty("key").GetProperty("value").GetString()!;
        _dns.Add("_smxpkey.example.test", new TextData(Older.ToString()), new TextData("unrelated"), new TextData(key));
        Assert.True(ServiceBinding.TryParse(added.GetProperty("service").GetProperty("value").GetString()!, out var binding));
        _dns.Add("_smxp.example.test", new ServiceData(binding));

        var answer = (await _admin.PostAsync("/.smxp/admin/domains/example.test/verify")).Is(HttpStatusCode.OK);
        Assert.True(answer["verified"].GetBoolean());
        Assert.Equal(answer.Text("expected_fingerprint"), answer.Text("actual_fingerprint"));
        Assert.Equal(_server.Port, answer["service"].GetProperty("port").GetInt32());
    }

    [Fact]
    public async Task Is_not_verified_with_another_key_or_none()
    {
        await _admin.PostAsync("/.smxp/admin/domains", new { domain = "other.test" });
        var missing = (await _admin.PostAsync("/.smxp/admin/domains/other.test/verify")).Is(HttpStatusCode.Conflict);
        Assert.False(missing["verified"].GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, missing["actual_fingerprint"].ValueKind);
        Assert.Equal("no SVCB record at _smxp.other.test", missing["service"].GetProperty("error").GetString());

        _dns.Add("_smxpkey.other.test", new TextData(Older.ToString()));
        Assert.Equal(Older.Fingerprint, (await _admin.PostAsync("/.smxp/admin/domains/other.test/verify")).Is(HttpStatusCode.Conflict).Text("actual_fingerprint"));
        (await _admin.PostAsync("/.smxp/admin/domains/unknown.test/verify")).Refuses(HttpStatusCode.NotFound, "domain not found");
    }

    [Fact]
    public async Task Says_when_dns_could_not_be_asked()
    {
        await _admin.PostAsync("/.smxp/admin/domains", new { domain = "broken.test" });
        _dns.Fail("_smxp.broken.test", "timed out");
        Assert.Equal("timed out", (await _admin.PostAsync("/.smxp/admin/domains/broken.test/verify")).Is(HttpStatusCode.Conflict)["service"].GetProperty("error").GetString());
    }

    private sealed class FakeDns : IDnsResolver
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, DnsAnswer> _answers = new(StringComparer.Ordinal);

        public void Add(string name, params DnsRecord[] records) => _answers[name] = new DnsAnswer(DnsStatus.Found, records, TimeSpan.Zero);

        public void Fail(string name, string error) => _answers[name] = DnsAnswer.Empty(DnsStatus.Failed, TimeSpan.Zero, error);

        public ValueTask<DnsAnswer?> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken) =>
            new(_answers.GetValueOrDefault(question.Name, DnsAnswer.Empty(DnsStatus.NoName, TimeSpan.Zero)));
    }
}
