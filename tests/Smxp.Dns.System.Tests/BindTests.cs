using System.Net;
using Smxp.Plugins.Dns;
using Smxp.Testing.Dns;

namespace Smxp.Dns.System.Tests;

/// <summary>The resolver against BIND 9, whose wire format owes nothing to ours.</summary>
public sealed class BindTests
{
    private static readonly string Long = string.Concat(Enumerable.Range(0, 20).Select(i => $"big TXT \"{new string((char)('a' + i), 200)}\"\n"));

    private static readonly string Zone = $$"""
        $ORIGIN example.test.
        $TTL 300
        @ SOA ns.example.test. hostmaster.example.test. 1 3600 600 86400 60
        @ NS ns
        ns A 127.0.0.1
        @ MX 20 mx2
        @ MX 10 mx1
        mx1 A 192.0.2.25
        mx1 AAAA 2001:db8::25
        mx2 A 192.0.2.26
        _smxp SVCB 0 gw.example.test.
        gw SVCB 1 gw1.example.test. alpn="h2,h3" port=7777 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1
        gw SVCB 2 gw2.example.test. alpn=h2 mandatory=alpn
        gw1 A 192.0.2.1
        alias CNAME gw1
        none MX 0 .
        _smxpkey TXT "v=SMXP1; k=ML-DSA-65; " "kid=abc; fp=sha256:def"
        _25._tcp.mx1 TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
        {{Long}}
        """;

    [NameServerFact]
    public async Task Reads_services_by_alias_and_with_every_parameter()
    {
        using var server = await NameServer.StartAsync("example.test", Zone);
        var alias = Assert.Single(await FoundAsync<ServiceData>(server, "_smxp.example.test", DnsRecordType.Svcb)).Binding;
        Assert.Equal((0, "gw.example.test"), (alias.Priority, alias.TargetName));

        var services = (await FoundAsync<ServiceData>(server, alias.TargetName, DnsRecordType.Svcb)).Select(static data => data.Binding).OrderBy(static binding => binding.Priority).ToList();
        Assert.Equal(["gw1.example.test", "gw2.example.test"], services.Select(static binding => binding.TargetName));
        Assert.Equal(["h2", "h3"], services[0].Alpn);
        Assert.Equal((ushort?)7777, services[0].Port);
        Assert.Equal([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2")], services[0].Ipv4Hints);
        Assert.Equal([IPAddress.Parse("2001:db8::1")], services[0].Ipv6Hints);
    }

    [NameServerFact]
    public async Task Reads_keys_exchangers_addresses_and_certificates()
    {
        using var server = await NameServer.StartAsync("example.test", Zone);
        Assert.Equal("v=SMXP1; k=ML-DSA-65; kid=abc; fp=sha256:def", Assert.Single(await FoundAsync<TextData>(server, "_smxpkey.example.test", DnsRecordType.Txt)).Text);
        Assert.Equal([new MailExchangeData(10, "mx1.example.test"), new MailExchangeData(20, "mx2.example.test")], (await FoundAsync<MailExchangeData>(server, "example.test", DnsRecordType.Mx)).OrderBy(static data => data.Preference));
        Assert.Equal(new MailExchangeData(0, "."), Assert.Single(await FoundAsync<MailExchangeData>(server, "none.example.test", DnsRecordType.Mx)));
        Assert.Equal(IPAddress.Parse("2001:db8::25"), Assert.Single(await FoundAsync<AddressData>(server, "mx1.example.test", DnsRecordType.Aaaa)).Address);
        Assert.Equal(IPAddress.Parse("192.0.2.1"), Assert.Single(await FoundAsync<AddressData>(server, "alias.example.test", DnsRecordType.A)).Address);
        Assert.Equal(32, Assert.Single(await FoundAsync<TlsaData>(server, "_25._tcp.mx1.example.test", DnsRecordType.Tlsa)).Association.Length);
    }

    [NameServerFact]
    public async Task Comes_back_by_TCP_for_what_UDP_cannot_hold()
    {
        using var server = await NameServer.StartAsync("example.test", Zone);
        // 20 strings of 200 octets: more than the 1232 that we ask for by UDP (RFC 9715).
        Assert.Equal(20, (await FoundAsync<TextData>(server, "big.example.test", DnsRecordType.Txt)).Count);
    }

    [NameServerFact]
    public async Task Tells_no_name_from_no_data_and_both_from_a_refusal()
    {
        using var server = await NameServer.StartAsync("example.test", Zone);
        Assert.Equal(DnsStatus.NoData, (await AskAsync(server, "gw1.example.test", DnsRecordType.Txt)).Status);
        Assert.Equal(DnsStatus.NoName, (await AskAsync(server, "nowhere.example.test", DnsRecordType.A)).Status);
        Assert.Equal(DnsStatus.Failed, (await AskAsync(server, "elsewhere.test", DnsRecordType.A)).Status);
    }

    private static async Task<DnsAnswer> AskAsync(NameServer server, string name, DnsRecordType type) =>
        (await new SystemDnsResolver(new SystemDnsSettings { Servers = [server.Address] }, TimeProvider.System).ResolveAsync(new DnsQuestion(name, type), CancellationToken.None))!;

    private static async Task<IReadOnlyList<T>> FoundAsync<T>(NameServer server, string name, DnsRecordType type) where T : DnsRecord
    {
        DnsAnswer answer = await AskAsync(server, name, type);
        Assert.True(answer.Status == DnsStatus.Found, $"{answer.Status} {answer.Error}");
        return [.. answer.Records.Cast<T>()];
    }
}
