using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Smxp.Client.Admin;
using Smxp.Host.Doctor;
using Smxp.Host.Doctor.Checks;

namespace Smxp.Host.Tests.Doctor;

/// <summary>What the doctor makes of what it saw, without a network.</summary>
public sealed class JudgementTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly PublicServer Server = new("gw.example.test", 7777);

    [Theory]
    [InlineData("version: STSv1\nmode: enforce\nmx: mx.example.test\nmax_age: 604800", "Ok")]
    [InlineData("version: STSv1\r\nmode: enforce\r\nmx: *.example.test\r\n", "Ok")]
    [InlineData("version: STSv1\nmode: testing\nmx: MX.example.test", "Warning")]
    [InlineData("version: STSv1\nmode: enforce\nmx: *.test", "Failure")]
    [InlineData("version: STSv1\nmode: enforce\nmx: other.example.test", "Failure")]
    [InlineData("version: STSv2\nmode: enforce\nmx: mx.example.test", "Failure")]
    [InlineData("version: STSv1\nmx: mx.example.test", "Failure")]
    [InlineData("<html>not found</html>", "Failure")]
    public void Policy_must_name_the_exchanges(string policy, string verdict) => Assert.Equal(verdict, StrictTransportCheck.Judge(policy, ["mx.example.test"]).Verdict.ToString());

    [Theory]
    [InlineData(40, SslPolicyErrors.None, "Ok", "valid for gw.example.test, 40 days left")]
    [InlineData(13, SslPolicyErrors.None, "Warning", "it expires in 13 days")]
    [InlineData(-3, SslPolicyErrors.RemoteCertificateChainErrors, "Failure", "expired 3 days ago")]
    [InlineData(40, SslPolicyErrors.RemoteCertificateNameMismatch, "Failure", "it is not for gw.example.test: CN=gw.example.test")]
    [InlineData(40, SslPolicyErrors.RemoteCertificateChainErrors, "Failure", "nobody others trust has signed it: UntrustedRoot")]
    public void Certificate_must_be_for_the_name_trusted_and_fresh(int days, SslPolicyErrors errors, string verdict, string detail)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=gw.example.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-90), Now.AddDays(days));
        Finding found = CertificateCheck.Judge(certificate, errors, ["UntrustedRoot"], Server, Now);
        Assert.Equal((verdict, detail), (found.Verdict.ToString(), found.Detail));
    }

    [Theory]
    [InlineData(0, "Ok")]
    [InlineData(-1, "Ok")]
    [InlineData(-30, "Warning")]
    [InlineData(30, "Warning")]
    [InlineData(-300, "Failure")]
    [InlineData(300, "Failure")]
    public void Clocks_must_agree(int seconds, string verdict) => Assert.Equal(verdict, ClockCheck.Judge(Now.AddSeconds(seconds), Now, Now.AddSeconds(2)).Verdict.ToString());

    [Fact]
    public void Queue_is_well_while_nothing_waits_long()
    {
        long hour = 3600, now = Now.ToUnixTimeSeconds();
        Assert.Equal("empty", QueueCheck.Judge(new QueueCounts(), Now).Detail);
        Assert.Equal((Verdict.Ok, "3 waiting, the oldest for 3 h 0 min"), Of(new QueueCounts { Due = 1, Later = 1, Working = 1, OldestAt = now - (3 * hour) }));
        Assert.Equal((Verdict.Warning, "2 waiting, the oldest for 30 h 0 min; most for far.test"),
            Of(new QueueCounts { Later = 2, OldestAt = now - (30 * hour), Destinations = [new QueueDestination("far.test", 2, now - (30 * hour), now)] }));
        Assert.Equal((Verdict.Warning, "1 of 3 parked after faults of this server's own, the oldest for 2 h"), Of(new QueueCounts { Later = 2, Parked = 1, OldestAt = now - (2 * hour) }));

        static (Verdict, string) Of(QueueCounts counts)
        {
            Finding found = QueueCheck.Judge(counts, Now);
            return (found.Verdict, found.Detail);
        }
    }

    [Theory]
    [InlineData("192.0.2.17", "17.2.0.192.in-addr.arpa")]
    [InlineData("2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    public void Addresses_have_names_turned_round(string address, string name) => Assert.Equal(name, Names.ReverseName(IPAddress.Parse(address)));
}
