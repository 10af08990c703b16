using Smxp.Plugins.Dns;

namespace Smxp.Dns.Static.Tests;

public sealed class StaticDnsTests
{
    private static StaticDnsResolver Resolver(params (string Domain, string Url)[] hosts) => new(new StaticDnsSettings { Hosts = hosts.ToDictionary(host => host.Domain, host => host.Url) });

    [Theory]
    [InlineData("_smxp.peer.test")]
    [InlineData("_SMXP.Peer.test")]
    public async Task Pins_the_service_of_a_domain(string name)
    {
        DnsAnswer? answer = await Resolver(("Peer.test", "http://127.0.0.1:3001")).ResolveAsync(new DnsQuestion(name, DnsRecordType.Svcb), CancellationToken.None);

        Assert.Equal(DnsStatus.Found, answer!.Status);
        Assert.Equal(new Uri("http://127.0.0.1:3001"), Assert.IsType<PinnedEndpointData>(Assert.Single(answer.Records)).Endpoint);
    }

    [Theory]
    [InlineData("_smxp.other.test", DnsRecordType.Svcb)]
    [InlineData("peer.test", DnsRecordType.Svcb)]
    [InlineData("_smxp.peer.test", DnsRecordType.Txt)]
    [InlineData("peer.test", DnsRecordType.A)]
    public async Task Leaves_every_other_question_to_the_next(string name, DnsRecordType type) =>
        Assert.Null(await Resolver(("peer.test", "https://gw.test:7777")).ResolveAsync(new DnsQuestion(name, type), CancellationToken.None));

    [Theory]
    [InlineData("peer.test", "http://127.0.0.1:3001", true)]
    [InlineData("peer.test", "https://gw.test", true)]
    [InlineData("bücher.test", "https://gw.test", true)]
    [InlineData("peer..", "https://gw.test", false)]
    [InlineData("peer.test", "ftp://gw.test", false)]
    [InlineData("peer.test", "gw.test:7777", false)]
    [InlineData("peer.test", "https://user@gw.test", false)]
    [InlineData("peer.test", "https://gw.test/path", false)]
    [InlineData("peer.test", "", false)]
    public void Says_which_entry_is_wrong(string domain, string url, bool isRight)
    {
        (string Path, string Problem)[] problems = [.. new StaticDnsSettings { Hosts = { [domain] = url } }.Validate()];

        Assert.Equal(isRight, problems.Length == 0);
        Assert.All(problems, problem => Assert.Equal($"Hosts:{domain}", problem.Path));
    }
}
