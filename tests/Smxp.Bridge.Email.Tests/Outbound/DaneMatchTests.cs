using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CsCheck;
using Smxp.Bridge.Email.Outbound.Dane;
using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Tests.Outbound;

public sealed class DaneMatchTests : IDisposable
{
    private const string Host = "mx.far.test";
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    public void Every_selector_and_matching_type_finds_its_certificate_and_no_other(byte selector, byte matching)
    {
        // RFC 7672 §3.1.1: neither the name nor the date of an end entity matters.
        var leaf = _certificates.Issue("other.test", DateTimeOffset.UtcNow.AddHours(-1));
        Assert.True(Fits(Record(3, selector, matching, leaf), leaf));
        Assert.False(Fits(Record(3, selector, matching, _certificates.Issue("other.test")), leaf));
        var good = _certificates.Issue(Host);
        Assert.True(Fits(Record(2, selector, matching, _certificates.Authority), good, _certificates.Authority));
        Assert.False(Fits(Record(2, selector, matching, leaf), good, _certificates.Authority));
    }

    [Fact]
    public void A_trust_anchor_vouches_only_for_names_dates_and_signatures_that_are_right()
    {
        var anchor = Record(2, 1, 1, _certificates.Authority);
        Assert.False(Fits(anchor, _certificates.Issue("other.test"), _certificates.Authority));
        Assert.False(Fits(anchor, _certificates.Issue(Host, DateTimeOffset.UtcNow.AddHours(-1)), _certificates.Authority));
        Assert.False(Fits(anchor, _certificates.Forge(Host), _certificates.Authority));
        // Its key alone is known, and the certificate was not sent.
        Assert.False(Fits(anchor, _certificates.Issue(Host)));
        Assert.True(Fits(Record(2, 0, 0, _certificates.Authority), _certificates.Issue(Host)));
        // RFC 7672 §3.2.2: the domain's own name is as good as the server's.
        Assert.True(DaneMatch.Fits([anchor], _certificates.Issue("far.test"), [_certificates.Authority], [Host, "far.test"]));
    }

    [Fact]
    public void An_authority_between_may_be_the_anchor()
    {
        var (between, leaf) = _certificates.IssueBetween(Host);
        Assert.True(Fits(Record(2, 0, 1, between), leaf, between));
        Assert.True(Fits(Record(2, 1, 1, _certificates.Authority), leaf, between, _certificates.Authority));
        Assert.False(Fits(Record(2, 1, 1, _certificates.Authority), leaf, between));
    }

    [Theory]
    [InlineData(0, 0, 1, 32, false)]
    [InlineData(1, 1, 1, 32, false)]
    [InlineData(2, 0, 1, 32, true)]
    [InlineData(3, 1, 2, 64, true)]
    [InlineData(3, 1, 0, 91, true)]
    [InlineData(3, 1, 1, 31, false)]
    [InlineData(3, 1, 2, 32, false)]
    [InlineData(3, 2, 1, 32, false)]
    [InlineData(3, 1, 3, 32, false)]
    [InlineData(255, 1, 1, 32, false)]
    public void Only_what_smtp_knows_can_be_used(byte usage, byte selector, byte matching, int length, bool usable) =>
        Assert.Equal(usable, DaneMatch.IsUsable(new TlsaData(usage, selector, matching, new byte[length])));

    [Fact]
    public void Nothing_a_zone_can_say_makes_it_fail()
    {
        var leaf = _certificates.Issue(Host);
        Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte, Gen.Byte.Array[0, 100]).Sample((usage, selector, matching, association) =>
        {
            var record = new TlsaData((byte)(usage % 5), (byte)(selector % 3), (byte)(matching % 4), association);
            return !DaneMatch.IsUsable(record) || !Fits(record, leaf, _certificates.Authority);
        }, iter: 300);
    }

    private static bool Fits(TlsaData record, X509Certificate2 leaf, params X509Certificate2[] presented) => DaneMatch.Fits([record], leaf, presented, [Host]);

    private static TlsaData Record(byte usage, byte selector, byte matching, X509Certificate2 certificate)
    {
        byte[] selected = selector == 0 ? certificate.RawData : certificate.PublicKey.ExportSubjectPublicKeyInfo();
        return new TlsaData(usage, selector, matching, matching switch { 1 => SHA256.HashData(selected), 2 => SHA512.HashData(selected), _ => selected });
    }
}
