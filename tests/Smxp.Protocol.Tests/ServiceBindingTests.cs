using System.Net;
using CsCheck;

namespace Smxp.Protocol.Tests;

public sealed class ServiceBindingTests
{
    private static readonly Gen<ServiceBinding> Bindings = Gen.Select(
        Gen.UShort[1, 9],
        Gen.Bool,
        Gen.String[Gen.Char['\u0001', '\u00ff'], 1, 8].Array[1, 3],
        Gen.UShort,
        Gen.Byte.Array[4].Array[0, 3],
        Gen.Byte.Array[16].Array[0, 2],
        Gen.Select(Gen.UShort[5, 300].Where(k => k != 6), Gen.Byte.Array[0, 9]).Array[0, 3],
        (priority, flag, alpn, port, four, six, others) => new ServiceBinding
        {
            Priority = priority,
            TargetName = flag ? "." : "gw-1.example.test",
            Alpn = alpn,
            NoDefaultAlpn = flag,
            Port = flag ? port : null,
            Ipv4Hints = [.. four.Select(a => new IPAddress(a))],
            Ipv6Hints = [.. six.Select(a => new IPAddress(a))],
            Mandatory = flag ? [1, 3] : [],
            OtherParameters = others.DistinctBy(o => o.Item1).ToDictionary(o => o.Item1, o => o.Item2),
        });

    [Fact]
    public void Comes_back_from_the_wire() => Bindings.Sample(binding =>
    {
        byte[] rdata = binding.ToRdata();
        Assert.True(ServiceBinding.TryParse(rdata, out var parsed));
        AssertSame(binding, parsed);
        Assert.Equal(rdata, parsed.ToRdata());
    });

    [Fact]
    public void Comes_back_from_text_and_generic_text() => Bindings.Sample(binding =>
    {
        Assert.True(ServiceBinding.TryParse(binding.ToString(), out var parsed), binding.ToString());
        AssertSame(binding, parsed);
        byte[] rdata = binding.ToRdata();
        Assert.True(ServiceBinding.TryParse($"\\# {rdata.Length} {string.Join(' ', rdata.Select(b => b.ToString("x2", null)))}", out parsed));
        AssertSame(binding, parsed);
    });

    // RFC 9460 appendix D.2.
    [Theory]
    [InlineData("1 .", "000100")]
    [InlineData("16 foo.example.com. port=53", "0010 03666f6f076578616d706c6503636f6d00 0003 0002 0035")]
    [InlineData("1 foo.example.com. key667=hello", "0001 03666f6f076578616d706c6503636f6d00 029b 0005 68656c6c6f")]
    [InlineData("1 foo.example.com. key667=\"hello\\210qoo\"", "0001 03666f6f076578616d706c6503636f6d00 029b 0009 68656c6c6fd2716f6f")]
    [InlineData("1 foo.example.com. ipv6hint=\"2001:db8::1,2001:db8::53:1\"", "0001 03666f6f076578616d706c6503636f6d00 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001")]
    [InlineData("16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1", "0010 03666f6f076578616d706c65036f726700 0000 0004 00010004 0001 0009 02683205 68332d3139 0004 0004 c0000201")]
    [InlineData("16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"", "0010 03666f6f076578616d706c65036f726700 0001 000c 08665c6f6f2c626172 026832")]
    [InlineData("16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2", "0010 03666f6f076578616d706c65036f726700 0001 000c 08665c6f6f2c626172 026832")]
    public void Reads_the_standards_examples(string text, string hex)
    {
        byte[] rdata = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.True(ServiceBinding.TryParse(text, out var binding));
        Assert.Equal(rdata, binding.ToRdata());
        Assert.True(ServiceBinding.TryParse(rdata, out var parsed));
        AssertSame(binding, parsed);
    }

    [Fact]
    public void Reads_what_operators_publish()
    {
        Assert.True(ServiceBinding.TryParse("1 gw.example.com. alpn=h2 port=7777", out var binding));
        Assert.Equal((1, "gw.example.com", 7777), (binding.Priority, binding.TargetName, (int)binding.Port!));
        Assert.Equal(["h2"], binding.Alpn);
        Assert.True(binding.IsUsable);
        Assert.Equal("1 gw.example.com. alpn=h2 port=7777", binding.ToString());
        Assert.True(ServiceBinding.TryParse("0 other.example.com.", out var alias));
        Assert.Equal((0, "other.example.com"), (alias.Priority, alias.TargetName));
    }

    [Fact]
    public void Is_not_usable_when_it_demands_what_we_do_not_know()
    {
        Assert.True(ServiceBinding.TryParse("1 . alpn=h2 ech=AAAA", out var ignored));
        Assert.True(ignored.IsUsable);
        Assert.True(ServiceBinding.TryParse("1 . mandatory=ech ech=AAAA", out var demanded));
        Assert.False(demanded.IsUsable);
        Assert.True(ServiceBinding.TryParse("1 . mandatory=alpn,port alpn=h2 port=1 ", out var known));
        Assert.True(known.IsUsable);
    }

    // RFC 9460 appendix D.3 and the rules it illustrates.
    [Theory]
    [InlineData("1 foo.example.com. key123=abc key123=def")]
    [InlineData("1 foo.example.com. mandatory")]
    [InlineData("1 foo.example.com. alpn")]
    [InlineData("1 foo.example.com. port")]
    [InlineData("1 foo.example.com. port=65536")]
    [InlineData("1 foo.example.com. ipv4hint")]
    [InlineData("1 foo.example.com. ipv4hint=::1")]
    [InlineData("1 foo.example.com. ipv6hint=1.2.3.4")]
    [InlineData("1 foo.example.com. no-default-alpn=abc alpn=h2")]
    [InlineData("1 foo.example.com. no-default-alpn")]
    [InlineData("1 foo.example.com. mandatory=key123")]
    [InlineData("1 foo.example.com. mandatory=mandatory")]
    [InlineData("1 foo.example.com. mandatory=alpn,alpn alpn=h2")]
    [InlineData("1 foo.example.com. alpn=h2,,h3")]
    [InlineData("1 foo.example.com. key00667=x")]
    [InlineData("1 foo.example.com. unknown=x")]
    [InlineData("1 foo.example.com. key1")]
    [InlineData("1 foo..example.com. port=1")]
    [InlineData("1 foo/bar. port=1")]
    [InlineData("65536 foo.example.com.")]
    [InlineData("-1 foo.example.com.")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("1 foo. alpn=\"h2")]
    [InlineData("1 foo. alpn=h2\\")]
    [InlineData("\\# 3 0001")]
    [InlineData("\\# 4 00010000")]
    [InlineData("\\# 3 00010z")]
    [InlineData("\\#")]
    public void Refuses_broken_text(string text) => Assert.False(ServiceBinding.TryParse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("0001")]
    [InlineData("0001 03 666f")]
    [InlineData("0001 c000")]
    [InlineData("0001 00 0003 0002 00")]
    [InlineData("0001 00 0003 0001 00")]
    [InlineData("0001 00 0003 0002 0001 0001 0003 026832")]
    [InlineData("0001 00 0003 0002 0001 0003 0002 0001")]
    [InlineData("0001 00 0001 0000")]
    [InlineData("0001 00 0001 0002 0568")]
    [InlineData("0001 00 0001 0001 00")]
    [InlineData("0001 00 0004 0003 010203")]
    [InlineData("0001 00 0006 0004 01020304")]
    [InlineData("0001 00 0000 0002 0005")]
    [InlineData("0001 00 0000 0000")]
    [InlineData("0001 0161 01")]
    [InlineData("0001 03 612e62 00")]
    public void Refuses_broken_wire(string hex) =>
        Assert.False(ServiceBinding.TryParse(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out _));

    private static void AssertSame(ServiceBinding expected, ServiceBinding actual)
    {
        Assert.Equal((expected.Priority, expected.TargetName, expected.Port, expected.NoDefaultAlpn), (actual.Priority, actual.TargetName, actual.Port, actual.NoDefaultAlpn));
        Assert.Equal(expected.Alpn, actual.Alpn);
        Assert.Equal(expected.Ipv4Hints, actual.Ipv4Hints);
        Assert.Equal(expected.Ipv6Hints, actual.Ipv6Hints);
        Assert.Equal(expected.Mandatory, actual.Mandatory);
        Assert.Equal(expected.OtherParameters.OrderBy(o => o.Key), actual.OtherParameters.OrderBy(o => o.Key));
    }
}
