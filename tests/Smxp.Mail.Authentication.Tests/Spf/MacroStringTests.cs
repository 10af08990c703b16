using Smxp.Mail.Authentication.Spf;

namespace Smxp.Mail.Authentication.Tests.Spf;

public sealed class MacroStringTests
{
    // RFC 7208 §7.4.
    [Theory]
    [InlineData("%{s}", "strong-bad@email.example.com")]
    [InlineData("%{o}", "email.example.com")]
    [InlineData("%{d}", "email.example.com")]
    [InlineData("%{d4}", "email.example.com")]
    [InlineData("%{d3}", "email.example.com")]
    [InlineData("%{d2}", "example.com")]
    [InlineData("%{d1}", "com")]
    [InlineData("%{dr}", "com.example.email")]
    [InlineData("%{d2r}", "example.email")]
    [InlineData("%{l}", "strong-bad")]
    [InlineData("%{l-}", "strong.bad")]
    [InlineData("%{lr}", "strong-bad")]
    [InlineData("%{lr-}", "bad.strong")]
    [InlineData("%{l1r-}", "strong")]
    [InlineData("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com")]
    [InlineData("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com")]
    [InlineData("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com")]
    [InlineData("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com")]
    [InlineData("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net")]
    [InlineData("%{S}", "strong-bad%40email.example.com")]
    [InlineData("%%%_%-%{h}", "% %20mx.example.org")]
    public async Task Expands_the_examples(string macro, string expected) => Assert.Equal(expected, await ExplainedAsync("192.0.2.3", macro));

    [Fact]
    public async Task Expands_an_ipv6_address_by_nibbles() =>
        Assert.Equal("1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com", await ExplainedAsync("2001:db8::cb01", "%{ir}.%{v}._spf.%{d2}"));

    [Theory]
    [InlineData("%{c}", "192.0.2.3")]
    [InlineData("%{r}", "receiver.example")]
    [InlineData("%{t}", "1500000000")]
    [InlineData("%{p}", "mx.example.org")]
    [InlineData("%{p2}", "example.org")]
    public async Task Expands_what_only_explanations_have_and_validated_names(string macro, string expected) => Assert.Equal(expected, await ExplainedAsync("192.0.2.3", macro));

    [Theory]
    [InlineData("%")]
    [InlineData("%a")]
    [InlineData("%{")]
    [InlineData("%{x}")]
    [InlineData("%{d0}")]
    [InlineData("%{dr2}")]
    [InlineData("%{d!}")]
    [InlineData("%{}")]
    [InlineData("%{c}")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void Refuses(string text) => Assert.False(MacroString.TryParse(text, out _));

    [Theory]
    [InlineData("example.com", true)]
    [InlineData("example.com.", true)]
    [InlineData("a/b.example.com", true)]
    [InlineData("%{d}", true)]
    [InlineData("x.%{d}", true)]
    [InlineData("example.%-", true)]
    [InlineData("example", false)]
    [InlineData("", false)]
    [InlineData("example.123", false)]
    [InlineData("example.-a", false)]
    [InlineData("example.a-", false)]
    [InlineData("%{d}com", false)]
    [InlineData("example.com..", false)]
    public void Knows_a_domain_spec(string text, bool expected) => Assert.Equal(expected, MacroString.TryParseDomain(text, out _));

    [Fact]
    public void Drops_labels_from_the_left_until_a_name_fits()
    {
        Assert.True(MacroString.TryParseDomain("%{l}.example.com", out var spec));
        string name = spec.ExpandDomain(_ => string.Join('.', Enumerable.Repeat("abcdefghi", 30)));
        Assert.InRange(name.Length, 240, 253);
        Assert.EndsWith(".abcdefghi.example.com", name, StringComparison.Ordinal);
    }

    // One by one, the labels of what a record can make of a return path would be dropped for hours.
    [Fact]
    public async Task Drops_millions_of_labels_as_fast_as_few()
    {
        var zone = new Zone { ["example.com"] = [$"TXT v=spf1 exists:{string.Concat(Enumerable.Repeat("%{l}.", 12_000))}example.com -all"] };
        string sender = $"{string.Join('.', Enumerable.Repeat("a", 32))}@example.com";
        var verdict = await Task.Run(() => zone.CheckAsync("192.0.2.3", sender)).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(SpfResult.Fail, verdict.Result);
        string asked = Assert.Single(zone.Asked, static question => question.StartsWith("A ", StringComparison.Ordinal))[2..];
        Assert.InRange(asked.Length, 252, 253);
        Assert.EndsWith("a.a.example.com", asked, StringComparison.Ordinal);
    }

    private static async Task<string?> ExplainedAsync(string client, string macro)
    {
        var zone = new Zone
        {
            ["email.example.com"] = ["TXT v=spf1 -all exp=explain.example.com"],
            ["explain.example.com"] = [$"TXT {macro}"],
            ["192.0.2.3"] = ["PTR mx.example.org"],
            ["mx.example.org"] = ["A 192.0.2.3"],
        };
        return (await zone.CheckAsync(client, "strong-bad@email.example.com")).Explanation;
    }
}
