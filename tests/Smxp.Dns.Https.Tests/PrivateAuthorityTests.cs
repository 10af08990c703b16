using System.Net;
using System.Security.Cryptography.X509Certificates;
using Smxp.Plugins.Dns;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Dns.Https.Tests;

/// <summary>A server over TLS whose certificate only a named authority vouches for: trusted in both formats where the authority is named, and by nobody else.</summary>
public sealed class PrivateAuthorityTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly PrivateAuthority _authority = new();
    private readonly TestZone _zone = new TestZone().Address("gw.test", "192.0.2.1").Service("_smxp.peer.test", "1 gw.test. alpn=h2 port=7777");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/dns-query", "")]
    [InlineData("/dns-query", "#wire")]
    [InlineData("/resolve", "")]
    [InlineData("/resolve", "#json")]
    public async Task Answers_over_TLS_and_HTTP_2_in_both_formats(string path, string format)
    {
        await using var server = await TestDohServer.StartAsync(_zone, Issue("127.0.0.1"));
        using var resolver = Resolver(server, path + format, _authority);
        var address = await AskAsync(resolver, "gw.test", DnsRecordType.A);
        Assert.True(address.Status == DnsStatus.Found, address.Error);
        Assert.Equal(IPAddress.Parse("192.0.2.1"), Assert.IsType<AddressData>(Assert.Single(address.Records)).Address);
        var service = await AskAsync(resolver, "_smxp.peer.test", DnsRecordType.Svcb);
        Assert.Equal((ushort?)7777, Assert.IsType<ServiceData>(Assert.Single(service.Records)).Binding.Port);
        Assert.Equal("HTTP/2", server.Protocol);
    }

    [Fact]
    public async Task Without_the_authority_nothing_is_asked()
    {
        await using var server = await TestDohServer.StartAsync(_zone, Issue("127.0.0.1"));
        using var resolver = Resolver(server, "/dns-query", authority: null);
        Assert.Equal(DnsStatus.Failed, (await AskAsync(resolver, "gw.test", DnsRecordType.A)).Status);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Another_authority_is_no_better()
    {
        using var stranger = new PrivateAuthority();
        await using var server = await TestDohServer.StartAsync(_zone, Issue("127.0.0.1"));
        using var resolver = Resolver(server, "/dns-query", stranger);
        Assert.Equal(DnsStatus.Failed, (await AskAsync(resolver, "gw.test", DnsRecordType.A)).Status);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Nor_is_a_certificate_for_another_name()
    {
        await using var server = await TestDohServer.StartAsync(_zone, Issue("elsewhere.test"));
        using var resolver = new HttpsDnsResolver(Settings($"https://localhost:{server.Port}/dns-query", _authority), TimeProvider.System);
        Assert.Equal(DnsStatus.Failed, (await AskAsync(resolver, "gw.test", DnsRecordType.A)).Status);
        Assert.Equal(0, server.Requests);
    }

    private X509Certificate2 Issue(string host)
    {
        _authority.Issue(host, _folder["server.pem"], _folder["server.key"]);
        return X509Certificate2.CreateFromPemFile(_folder["server.pem"], _folder["server.key"]);
    }

    private HttpsDnsResolver Resolver(TestDohServer server, string path, PrivateAuthority? authority) =>
        new(Settings($"https://127.0.0.1:{server.Port}{path}", authority), TimeProvider.System);

    private HttpsDnsSettings Settings(string endpoint, PrivateAuthority? authority)
    {
        authority?.Export(_folder["authorities.pem"]);
        return new HttpsDnsSettings { Endpoints = [endpoint], TimeoutMilliseconds = 5000, TrustedAuthorities = authority is null ? null : _folder["authorities.pem"] };
    }

    private static async Task<DnsAnswer> AskAsync(HttpsDnsResolver resolver, string name, DnsRecordType type) =>
        (await resolver.ResolveAsync(new DnsQuestion(name, type), CancellationToken.None))!;
}
