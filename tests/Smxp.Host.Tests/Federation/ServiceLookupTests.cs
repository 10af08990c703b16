using System.Net;
using Smxp.Host.Federation;
using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Host.Tests.Federation;

public sealed class ServiceLookupTests
{
    private readonly Records _dns = new();

    [Fact]
    public async Task Reads_the_whole_record()
    {
        _dns.Service("_smxp.peer.test", "1 gw.peer.test. alpn=h2 port=7777 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1");
        PeerEndpoints found = await FindAsync();

        PeerEndpoint endpoint = Assert.Single(found.Endpoints);
        Assert.Equal((PeerStatus.Found, false), (found.Status, found.Pinned));
        Assert.Equal(new Uri("https://gw.peer.test:7777/"), endpoint.BaseAddress);
        Assert.Equal([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")], endpoint.Hints);
    }

    [Fact]
    public async Task The_port_is_443_where_none_is_given()
    {
        _dns.Service("_smxp.peer.test", "1 gw.peer.test.");
        Assert.Equal(443, Assert.Single((await FindAsync()).Endpoints).BaseAddress.Port);
    }

    [Fact]
    public async Task A_dot_is_the_owner()
    {
        _dns.Service("_smxp.peer.test", "1 . port=7777");
        Assert.Equal("_smxp.peer.test", Assert.Single((await FindAsync()).Endpoints).BaseAddress.Host);
    }

    [Fact]
    public async Task Lower_priorities_come_first()
    {
        _dns.Service("_smxp.peer.test", "30 c.test.", "10 a.test.", "20 b.test.");
        Assert.Equal(["a.test", "b.test", "c.test"], (await FindAsync()).Endpoints.Select(endpoint => endpoint.BaseAddress.Host));
    }

    [Fact]
    public async Task Records_that_demand_what_we_do_not_know_or_speak_are_skipped()
    {
        _dns.Service("_smxp.peer.test", "1 a.test. mandatory=key65000 key65000=x", "2 b.test. alpn=h3", "3 c.test. alpn=h2,h3");
        Assert.Equal("c.test", Assert.Single((await FindAsync()).Endpoints).BaseAddress.Host);
    }

    [Fact]
    public async Task Only_unusable_records_are_no_service()
    {
        _dns.Service("_smxp.peer.test", "1 a.test. mandatory=key65000 key65000=x");
        Assert.Equal(PeerStatus.None, (await FindAsync()).Status);
    }

    [Fact]
    public async Task Aliases_are_followed_to_their_records()
    {
        _dns.Service("_smxp.peer.test", "0 one.test.");
        _dns.Service("one.test", "0 two.test.");
        _dns.Service("two.test", "1 gw.test. port=7777");
        Assert.Equal(new Uri("https://gw.test:7777/"), Assert.Single((await FindAsync()).Endpoints).BaseAddress);
    }

    [Fact]
    public async Task An_alias_to_a_name_without_records_is_that_name()
    {
        _dns.Service("_smxp.peer.test", "0 gw.test.");
        Assert.Equal(new Uri("https://gw.test/"), Assert.Single((await FindAsync()).Endpoints).BaseAddress);
    }

    [Fact]
    public async Task An_alias_beside_records_wins()
    {
        _dns.Service("_smxp.peer.test", "1 a.test.", "0 b.test.");
        Assert.Equal("b.test", Assert.Single((await FindAsync()).Endpoints).BaseAddress.Host);
    }

    [Fact]
    public async Task An_alias_to_a_dot_is_no_service()
    {
        _dns.Service("_smxp.peer.test", "0 .");
        Assert.Equal(PeerStatus.None, (await FindAsync()).Status);
    }

    [Fact]
    public async Task Loops_and_long_chains_of_aliases_end()
    {
        _dns.Service("_smxp.peer.test", "0 a.test.");
        _dns.Service("a.test", "0 _smxp.peer.test.");
        Assert.Equal(PeerStatus.Unknown, (await FindAsync()).Status);

        for (int i = 0; i < 30; i++) _dns.Service(i == 0 ? "_smxp.long.test" : $"a{i}.test", $"0 a{i + 1}.test.");
        Assert.Equal(PeerStatus.Unknown, (await FindAsync("long.test")).Status);
        Assert.InRange(_dns.Questions, 1, 20);
    }

    [Theory]
    [InlineData(DnsStatus.NoName, nameof(PeerStatus.None))]
    [InlineData(DnsStatus.NoData, nameof(PeerStatus.None))]
    [InlineData(DnsStatus.Failed, nameof(PeerStatus.Unknown))]
    public async Task Tells_nothing_from_not_known(DnsStatus answer, string expected)
    {
        _dns.Missing = answer;
        PeerEndpoints found = await FindAsync();
        Assert.Equal(expected, found.Status.ToString());
        Assert.Contains("_smxp.peer.test", found.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("127.0.0.1")]
    public async Task A_target_that_reads_as_an_address_stays_under_the_rule(string target)
    {
        _dns.Service("_smxp.peer.test", $"1 {target}. port=7777");
        string host = Assert.Single((await FindAsync()).Endpoints).BaseAddress.Host;
        // However it is written, what is connected to is held against the rule; here it must not turn into a name that is resolved by somebody else.
        Assert.True(!IPAddress.TryParse(host, out IPAddress? address) || !PublicAddress.Is(address));
    }

    private async Task<PeerEndpoints> FindAsync(string domain = "peer.test") => (await new ServiceLookup(_dns).FindAsync(domain, CancellationToken.None)).Endpoints;

    private sealed class Records : IDnsResolver
    {
        private readonly Dictionary<string, ServiceData[]> _records = [];

        public DnsStatus Missing { get; set; } = DnsStatus.NoName;

        public int Questions { get; private set; }

        public void Service(string name, params string[] records) =>
            _records[name] = [.. records.Select(record => new ServiceData(ServiceBinding.TryParse(record, out ServiceBinding? binding) ? binding : throw new ArgumentException(record)))];

        public ValueTask<DnsAnswer?> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            Questions++;
            return ValueTask.FromResult<DnsAnswer?>(_records.TryGetValue(question.Name, out ServiceData[]? found)
                ? new DnsAnswer(DnsStatus.Found, found, TimeSpan.FromMinutes(1))
                : DnsAnswer.Empty(Missing, TimeSpan.FromMinutes(1)));
        }
    }
}
