using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.MtaSts;
using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Tests.Outbound;

public sealed class StsTests : IDisposable
{
    // RFC 8461 §3.2.
    private const string Example = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly FakeDns _dns = new();
    private readonly FakePolicies _files = new();
    private readonly MemoryBridgeState _state = new();
    private readonly TestMeters _meters = new();
    private StsPolicies _policies;

    public StsTests() => _policies = Start();

    public void Dispose() => _meters.Dispose();

    [Theory]
    [InlineData("v=STSv1; id=20160831085700Z;", "20160831085700Z")]
    [InlineData("v=STSv1;id=a", "a")]
    [InlineData("v=STSv1 ; x=y; id=a ; ", "a")]
    [InlineData("v=STSv1; id=", null)]
    [InlineData("v=STSv1; id=a-b;", null)]
    [InlineData("v=STSv1; id=012345678901234567890123456789012;", null)]
    [InlineData("v=STSv1", null)]
    [InlineData("v=STSv12; id=a", null)]
    [InlineData("v=stsv1; id=a", null)]
    [InlineData(" v=STSv1; id=a", null)]
    [InlineData("v=STSv1; ; id=a", null)]
    public void Reads_the_record_that_announces_a_policy(string text, string? id)
    {
        Assert.Equal(id, StsRecord.FindId(["v=spf1 -all", text]));
        // Of two policies neither counts.
        if (id is not null) Assert.Null(StsRecord.FindId([text, "v=STSv1; id=b"]));
    }

    [Fact]
    public void Reads_the_policy_of_the_rfc()
    {
        Assert.True(StsPolicyReader.TryRead(Example, out var policy, out _));
        Assert.Equal((StsMode.Enforce, TimeSpan.FromDays(7)), (policy.Mode, policy.MaxAge));
        Assert.Equal(["mail.example.com", "*.example.net", "backupmx.example.com"], policy.Servers);
        Assert.True(StsPolicyReader.TryRead(Example.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd(), out _, out _));
        Assert.True(StsPolicyReader.TryRead(Example + "future: thing\r\nmode: none\r\n", out var more, out _));
        Assert.Equal(StsMode.Enforce, more.Mode);
        Assert.True(StsPolicyReader.TryRead("version: STSv1\nmode: none\nmax_age: 0\n", out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("version: STSv2\nmode: enforce\nmx: a.test\nmax_age: 1\n")]
    [InlineData("mode: enforce\nmx: a.test\nmax_age: 1\n")]
    [InlineData("version: STSv1\nmode: Enforce\nmx: a.test\nmax_age: 1\n")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 1\n")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.test\n")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.test\nmax_age: -1\n")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 31557601\n")]
    [InlineData("version: STSv1\nmode: enforce\nmx: *.*.test\nmax_age: 1\n")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a..test\nmax_age: 1\n")]
    [InlineData("version: STSv1\n\nmode: enforce\nmx: a.test\nmax_age: 1\n")]
    public void Refuses_what_is_no_policy(string text) => Assert.False(StsPolicyReader.TryRead(text, out _, out _));

    [Fact]
    public void Nothing_a_stranger_can_write_makes_the_readers_fail()
    {
        Gen.OneOf(Gen.String, Gen.Select(Gen.Int[0, Example.Length - 1], Gen.Char, (at, c) => Example[..at] + c + Example[(at + 1)..])).Sample(text =>
        {
            StsRecord.FindId([text]);
            return StsPolicyReader.TryRead(text, out var policy, out string? problem) ? policy.MaxAge >= TimeSpan.Zero : problem.Length > 0;
        });
    }

    [Theory]
    [InlineData("mail.example.com", true)]
    [InlineData("MAIL.example.com.", true)]
    [InlineData("foo.example.net", true)]
    [InlineData("example.net", false)]
    [InlineData("a.b.example.net", false)]
    [InlineData("other.example.com", false)]
    public void A_wildcard_stands_for_one_label(string server, bool covered)
    {
        Assert.True(StsPolicyReader.TryRead(Example, out var policy, out _));
        Assert.Equal(covered, policy.Covers(server));
    }

    [Fact]
    public async Task A_policy_is_fetched_once_and_again_when_its_id_changes()
    {
        Announce("1");
        _files.Files["far.test"] = Example;
        for (int i = 0; i < 3; i++) Assert.Equal(StsMode.Enforce, (await FindAsync())!.Mode);
        Assert.Equal(1, _files.Fetches);
        Announce("2");
        _files.Files["far.test"] = Example.Replace("enforce", "testing", StringComparison.Ordinal);
        Assert.Equal(StsMode.Testing, (await FindAsync())!.Mode);
        Assert.Equal(2, _files.Fetches);
    }

    [Fact]
    public async Task A_policy_outlives_restarts_failures_and_the_silence_of_dns_until_its_time_is_up()
    {
        Announce("1");
        _files.Files["far.test"] = Example;
        await FindAsync();
        _files.Files.Clear();
        _policies = Start();
        Announce("2");
        Assert.Equal(StsMode.Enforce, (await FindAsync())!.Mode);
        _dns.Remove("_mta-sts.far.test", DnsRecordType.Txt);
        Assert.Equal(StsMode.Enforce, (await FindAsync())!.Mode);
        _time.Advance(TimeSpan.FromDays(7));
        Assert.Null(await FindAsync());
    }

    [Fact]
    public async Task A_policy_in_use_is_refreshed_every_day()
    {
        Announce("1");
        _files.Files["far.test"] = Example;
        for (int day = 0; day < 10; day++)
        {
            Assert.NotNull(await FindAsync());
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(10, _files.Fetches);
    }

    [Fact]
    public async Task A_failed_fetch_is_counted_and_not_repeated_at_once()
    {
        Announce("1");
        Assert.Null(await FindAsync());
        Assert.Null(await FindAsync());
        Assert.Equal(1, _files.Fetches);
        Assert.Equal(["smxp.mail.tls.failures far.test sts sts-policy-fetch-error"], _meters.Counted);
        _time.Advance(TimeSpan.FromMinutes(6));
        _files.Files["far.test"] = Example;
        Assert.NotNull(await FindAsync());
    }

    private StsPolicies Start() => new(_dns, _files, new StsMemory(_state), new OutboundMetrics(_meters), _time, NullLogger<StsPolicies>.Instance);

    private ValueTask<StsPolicy?> FindAsync() => _policies.FindAsync("far.test", CancellationToken.None);

    private void Announce(string id)
    {
        _dns.Remove("_mta-sts.far.test", DnsRecordType.Txt);
        _dns.Add("_mta-sts.far.test", DnsRecordType.Txt, new TextData($"v=STSv1; id={id};"));
    }
}
