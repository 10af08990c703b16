using System.Net;
using Microsoft.Extensions.Time.Testing;
using Smxp.Plugins.Dns;
using Smxp.Testing.Dns;

namespace Smxp.Dns.System.Tests;

public sealed class SystemDnsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly TestZone _zone = new();
    private readonly TestDnsServer _server;

    public SystemDnsTests() => _server = new TestDnsServer(_zone);

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Reads_every_type_in_use()
    {
        _zone.Address("gw.test", "192.0.2.1").Address("gw.test", "192.0.2.2").Address("gw.test", "2001:db8::1").Text("txt.test", "v=SMXP1; ", "k=x")
            .Exchange("mx.test", 10, "mail.test").Exchange("null.test", 0, ".").Pointer("1.2.0.192.in-addr.arpa", "gw.test")
            .Raw("_443._tcp.gw.test", 52, [3, 1, 1, 0xab]).Service("_smxp.peer.test", "1 gw.test. alpn=h2 port=7777 ipv4hint=192.0.2.1");

        Assert.Equal([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2")], (await FoundAsync<AddressData>("gw.test", DnsRecordType.A)).Select(data => data.Address));
        Assert.Equal(IPAddress.Parse("2001:db8::1"), Assert.Single(await FoundAsync<AddressData>("gw.test", DnsRecordType.Aaaa)).Address);
        Assert.Equal("v=SMXP1; k=x", Assert.Single(await FoundAsync<TextData>("txt.test", DnsRecordType.Txt)).Text);
        Assert.Equal(new MailExchangeData(10, "mail.test"), Assert.Single(await FoundAsync<MailExchangeData>("mx.test", DnsRecordType.Mx)));
        Assert.Equal(".", Assert.Single(await FoundAsync<MailExchangeData>("null.test", DnsRecordType.Mx)).Exchange);
        Assert.Equal("gw.test", Assert.Single(await FoundAsync<NameData>("1.2.0.192.in-addr.arpa", DnsRecordType.Ptr)).Name);
        TlsaData tlsa = Assert.Single(await FoundAsync<TlsaData>("_443._tcp.gw.test", DnsRecordType.Tlsa));
        Assert.Equal((3, 1, 1, "AB"), (tlsa.Usage, tlsa.Selector, tlsa.MatchingType, Convert.ToHexString(tlsa.Association)));
        ServiceData service = Assert.Single(await FoundAsync<ServiceData>("_smxp.peer.test", DnsRecordType.Svcb));
        Assert.Equal(("gw.test", (ushort?)7777), (service.Binding.TargetName, service.Binding.Port));
    }

    [Fact]
    public async Task Tells_no_name_from_no_data()
    {
        _zone.Address("gw.test", "192.0.2.1");

        Assert.Equal(DnsStatus.NoData, (await AskAsync("gw.test", DnsRecordType.Txt)).Status);
        Assert.Equal(DnsStatus.NoName, (await AskAsync("other.test", DnsRecordType.Txt)).Status);
    }

    [Fact]
    public async Task Follows_aliases()
    {
        _zone.Alias("a.test", "b.test").Alias("b.test", "c.test").Address("c.test", "192.0.2.7");

        Assert.Equal(IPAddress.Parse("192.0.2.7"), Assert.Single(await FoundAsync<AddressData>("a.test", DnsRecordType.A)).Address);
    }

    [Fact]
    public async Task Ends_loops_of_aliases()
    {
        _zone.Alias("a.test", "b.test").Alias("b.test", "a.test");

        Assert.Equal(DnsStatus.Failed, (await AskAsync("a.test", DnsRecordType.A)).Status);
    }

    [Fact]
    public async Task Comes_back_by_tcp_for_what_udp_cannot_hold()
    {
        for (int i = 0; i < 20; i++) _zone.Text("big.test", new string((char)('a' + i), 200));

        Assert.Equal(20, (await FoundAsync<TextData>("big.test", DnsRecordType.Txt)).Count);
        Assert.Equal(1, _server.TcpQueries);
    }

    [Fact]
    public async Task Keeps_answers_for_their_time_and_no_longer()
    {
        _zone.Address("gw.test", "192.0.2.1");
        IDnsResolver resolver = Resolver();
        await resolver.ResolveAsync(new DnsQuestion("gw.test", DnsRecordType.A), CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(40));
        DnsAnswer? kept = await resolver.ResolveAsync(new DnsQuestion("GW.test", DnsRecordType.A), CancellationToken.None);
        int before = _zone.Asked[("gw.test", 1)];
        _time.Advance(TimeSpan.FromSeconds(21));
        await resolver.ResolveAsync(new DnsQuestion("gw.test", DnsRecordType.A), CancellationToken.None);

        Assert.Equal(1, before);
        Assert.Equal(TimeSpan.FromSeconds(20), kept!.TimeToLive);
        Assert.Equal(2, _zone.Asked[("gw.test", 1)]);
    }

    [Fact]
    public async Task Keeps_that_a_name_does_not_exist()
    {
        IDnsResolver resolver = Resolver();
        for (int i = 0; i < 5; i++) await resolver.ResolveAsync(new DnsQuestion("none.test", DnsRecordType.Svcb), CancellationToken.None);

        Assert.Equal(1, _zone.Asked[("none.test", 64)]);
    }

    [Fact]
    public async Task Keeps_no_more_entries_than_allowed()
    {
        for (int i = 0; i < 30; i++) _zone.Address($"h{i}.test", "192.0.2.1");
        IDnsResolver resolver = Resolver(settings => settings.CacheEntries = 8);
        for (int i = 0; i < 30; i++) await resolver.ResolveAsync(new DnsQuestion($"h{i}.test", DnsRecordType.A), CancellationToken.None);
        for (int i = 0; i < 30; i++) await resolver.ResolveAsync(new DnsQuestion($"h{i}.test", DnsRecordType.A), CancellationToken.None);

        Assert.True(Enumerable.Range(0, 30).Sum(i => _zone.Asked[($"h{i}.test", 1)]) >= 30 + 22);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_failing_server_is_a_failed_lookup(int code)
    {
        _zone.Codes["bad.test"] = code;
        DnsAnswer answer = await AskAsync("bad.test", DnsRecordType.Txt);

        Assert.Equal(DnsStatus.Failed, answer.Status);
        Assert.StartsWith("the name server ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_server_is_a_failed_lookup()
    {
        _server.Mangle = _ => null;

        DnsAnswer answer = await AskAsync("gw.test", DnsRecordType.A, settings => settings.TimeoutMilliseconds = 100);

        Assert.Equal((DnsStatus.Failed, "the name server 127.0.0.1 does not answer"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task A_malformed_service_record_is_a_failed_lookup()
    {
        _zone.Raw("_smxp.peer.test", 64, [0, 1, 3, (byte)'g']);

        Assert.Equal(DnsStatus.Failed, (await AskAsync("_smxp.peer.test", DnsRecordType.Svcb)).Status);
    }

    [Fact]
    public async Task Asks_the_next_server_when_the_first_is_gone()
    {
        _zone.Address("gw.test", "192.0.2.1");
        var dead = new TestDnsServer(_zone);
        string gone = dead.Address;
        dead.Dispose();

        DnsAnswer answer = await AskAsync("gw.test", DnsRecordType.A, settings => (settings.Servers, settings.TimeoutMilliseconds) = ([gone, _server.Address], 200));

        Assert.Equal(DnsStatus.Found, answer.Status);
    }

    [Fact]
    public async Task An_answer_to_another_question_is_not_believed()
    {
        _zone.Address("gw.test", "192.0.2.1");
        _server.Mangle = response =>
        {
            response[13] ^= 0x01; // the first letter of the question's name
            return response;
        };

        Assert.NotEqual(DnsStatus.Found, (await AskAsync("gw.test", DnsRecordType.A, settings => settings.TimeoutMilliseconds = 200)).Status);
    }

    [Fact]
    public async Task Garbage_is_never_an_exception()
    {
        _zone.Address("gw.test", "192.0.2.1").Service("gw.test", "1 gw.test. alpn=h2").Text("gw.test", "text");
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            _server.Mangle = response =>
            {
                for (int i = 0; i < 3; i++) response[random.Next(2, response.Length)] = (byte)random.Next(256);
                return random.Next(5) == 0 ? response[..random.Next(response.Length)] : response;
            };
            DnsRecordType type = (seed % 3) switch { 0 => DnsRecordType.A, 1 => DnsRecordType.Txt, _ => DnsRecordType.Svcb };

            await AskAsync("gw.test", type, settings => settings.TimeoutMilliseconds = 100);
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Believes_a_validating_server_on_this_machine_unless_told_otherwise(bool? trust, bool believed)
    {
        _zone.Unsigned = [];
        _zone.Raw("_25._tcp.mx.test", 52, [3, 1, 1, 0xab]);

        Assert.Equal(believed, (await AskAsync("_25._tcp.mx.test", DnsRecordType.Tlsa, settings => settings.TrustAuthenticatedData = trust)).Authenticated);
        _zone.Unsigned = null;
        Assert.False((await AskAsync("_25._tcp.mx.test", DnsRecordType.Tlsa, settings => settings.TrustAuthenticatedData = trust)).Authenticated);
    }

    [Fact]
    public async Task Vouches_for_an_alias_only_where_every_step_is_signed()
    {
        _zone.Unsigned = ["a.test"];
        _zone.Alias("a.test", "b.test").Alias("b.test", "c.test").Address("c.test", "192.0.2.7");
        // The server leaves the alias's target to be asked for.
        _server.Mangle = response => response[7] == 3 ? CutToFirstAnswer(response) : response;

        Assert.False((await AskAsync("a.test", DnsRecordType.A)).Authenticated);
        Assert.True((await AskAsync("b.test", DnsRecordType.A)).Authenticated);
    }

    [Theory]
    [InlineData("a..test")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234.test")]
    public async Task A_name_that_cannot_exist_does_not(string name) => Assert.Equal(DnsStatus.NoName, (await AskAsync(name, DnsRecordType.A)).Status);

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.1:5353", true)]
    [InlineData("[::1]:5353", true)]
    [InlineData("dns.test", false)]
    [InlineData("127.0.0.1:99999", false)]
    public void Says_which_server_is_wrong(string server, bool isRight) => Assert.Equal(isRight, !new SystemDnsSettings { Servers = [server] }.Validate().Any());

    // The question, and the record behind it: a pointer, ten octets, and the data.
    private static byte[] CutToFirstAnswer(byte[] response)
    {
        int at = TestZone.Question(response).End;
        int length = response[at + 10] << 8 | response[at + 11];
        byte[] cut = response[..(at + 12 + length)];
        (cut[6], cut[7]) = (0, 1);
        return cut;
    }

    private SystemDnsResolver Resolver(Action<SystemDnsSettings>? configure = null)
    {
        var settings = new SystemDnsSettings { Servers = [_server.Address] };
        configure?.Invoke(settings);
        return new SystemDnsResolver(settings, _time);
    }

    private async Task<DnsAnswer> AskAsync(string name, DnsRecordType type, Action<SystemDnsSettings>? configure = null) =>
        (await Resolver(configure).ResolveAsync(new DnsQuestion(name, type), CancellationToken.None))!;

    private async Task<IReadOnlyList<T>> FoundAsync<T>(string name, DnsRecordType type) where T : DnsRecord
    {
        DnsAnswer answer = await AskAsync(name, type);
        Assert.True(answer.Status == DnsStatus.Found, $"{answer.Status} {answer.Error}");
        return [.. answer.Records.Cast<T>()];
    }
}
