using CsCheck;
using Smxp.Mail.Authentication.Spf;

namespace Smxp.Mail.Authentication.Tests.Spf;

public sealed class SpfRecordParserTests
{
    [Theory]
    [InlineData("v=spf1")]
    [InlineData("V=SPF1  A  -ALL ")]
    [InlineData("v=spf1 a/24//64 mx:example.com//48 a:example.com/0")]
    [InlineData("v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ip6:::1 ip6:::ffff:192.0.2.1/96")]
    [InlineData("v=spf1 ptr ptr:example.com ?exists:%{i}.example.com ~include:_spf.example.com")]
    [InlineData("v=spf1 moo.cow-far_out=man:dog/cat default= redirect=example.com exp=e.example.com")]
    [InlineData("v=spf1 a:foo:bar/baz.example.com")]
    [InlineData("v=spf1 a:example.com.")]
    public void Reads(string text) => Assert.True(SpfRecordParser.TryParse(text, out _, out _));

    [Theory]
    [InlineData("v=spf10")]
    [InlineData("v=spf1\tall")]
    [InlineData("v=spf1 all:example.com")]
    [InlineData("v=spf1 all/8")]
    [InlineData("v=spf1 foo")]
    [InlineData("v=spf1 a.b")]
    [InlineData("v=spf1 include")]
    [InlineData("v=spf1 include:")]
    [InlineData("v=spf1 include:example.com/24")]
    [InlineData("v=spf1 exists")]
    [InlineData("v=spf1 exists:example.com/24")]
    [InlineData("v=spf1 a:")]
    [InlineData("v=spf1 a:example.com:")]
    [InlineData("v=spf1 a/33")]
    [InlineData("v=spf1 a/024")]
    [InlineData("v=spf1 a//129")]
    [InlineData("v=spf1 a/")]
    [InlineData("v=spf1 a//")]
    [InlineData("v=spf1 a///64")]
    [InlineData("v=spf1 mx:example.com/abc")]
    [InlineData("v=spf1 ptr/24")]
    [InlineData("v=spf1 ip4")]
    [InlineData("v=spf1 ip4:1.2.3")]
    [InlineData("v=spf1 ip4:1.2.3.4:8080")]
    [InlineData("v=spf1 ip4:1.2.3.04")]
    [InlineData("v=spf1 ip4:1.2.3.4//32")]
    [InlineData("v=spf1 ip4:2001:db8::1")]
    [InlineData("v=spf1 ip6:1.2.3.4")]
    [InlineData("v=spf1 ip6:2001:db8::1/129")]
    [InlineData("v=spf1 ip6:fe80::1%eth0")]
    [InlineData("v=spf1 redirect=")]
    [InlineData("v=spf1 redirect=a.example.com redirect=b.example.com")]
    [InlineData("v=spf1 exp=a.example.com exp=b.example.com")]
    [InlineData("v=spf1 =example")]
    [InlineData("v=spf1 1a=b")]
    [InlineData("v=spf1 x=%{z}")]
    [InlineData("v=spf1 --all")]
    [InlineData("v=spf1 -")]
    [InlineData("v=spf1 a:example.com\u0001")]
    public void Refuses(string text)
    {
        Assert.False(SpfRecordParser.TryParse(text, out _, out string? fault));
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void Never_throws()
    {
        string[] terms = ["a", "mx", "ptr", "ip4:", "ip6:", "include:", "exists:", "all", "redirect=", "exp=", "/24", "//64", "%{", "d2r", "}", "1.2.3.4", "::1", ".", "com", ":", " ", "-", "~"];
        var words = Gen.Int[0, terms.Length - 1].Select(i => terms[i]);
        var noise = Gen.Char.Select(static c => c.ToString());
        Gen.OneOf(words, words, words, noise).Array[0, 30].Select(static parts => "v=spf1 " + string.Concat(parts)).Sample(static text =>
        {
            bool read = SpfRecordParser.TryParse(text, out var record, out string? fault);
            return read ? record is not null : fault is not null;
        }, iter: 20_000);
    }
}
