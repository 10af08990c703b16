using Smxp.Mail.Authentication.Spf;

namespace Smxp.Mail.Authentication.Tests.Spf;

public sealed class SpfCheckTests
{
    [Theory]
    [InlineData("user@nothing.example")]
    [InlineData("user@localhost")]
    [InlineData("user@a..example")]
    [InlineData("user@[192.0.2.1]")]
    [InlineData("user@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example")]
    public async Task Nothing_published_is_none(string sender) => Assert.Equal(SpfResult.None, await new Zone().ResultAsync("192.0.2.1", sender));

    [Fact]
    public async Task Other_texts_are_no_records()
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf10 -all", "TXT google-site-verification=x", "TXT spf1 -all"] };
        Assert.Equal(SpfResult.None, await zone.ResultAsync("192.0.2.1"));
    }

    [Fact]
    public async Task Two_records_are_an_error()
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 -all", "TXT v=spf1 +all"] };
        var verdict = await zone.CheckAsync("192.0.2.1", "u@example.com");
        Assert.Equal(SpfResult.PermError, verdict.Result);
        Assert.Contains("several", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_behind_a_match_is_still_an_error()
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 +all foo:bar"] };
        Assert.Equal(SpfResult.PermError, await zone.ResultAsync("192.0.2.1"));
    }

    [Fact]
    public async Task Without_a_match_it_is_neutral_and_each_qualifier_counts()
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 ip4:192.0.2.1 -ip4:192.0.2.2 ~ip4:192.0.2.3 ?ip4:192.0.2.4"] };
        Assert.Equal(SpfResult.Pass, await zone.ResultAsync("192.0.2.1"));
        Assert.Equal(SpfResult.Fail, await zone.ResultAsync("192.0.2.2"));
        var soft = await zone.CheckAsync("192.0.2.3", "u@example.com");
        Assert.Equal((SpfResult.SoftFail, "~ip4:192.0.2.3"), (soft.Result, soft.Mechanism));
        Assert.Equal(SpfResult.Neutral, await zone.ResultAsync("192.0.2.4"));
        var none = await zone.CheckAsync("192.0.2.5", "u@example.com");
        Assert.Equal((SpfResult.Neutral, null), (none.Result, none.Mechanism));
    }

    [Fact]
    public async Task The_null_path_is_postmaster_of_helo()
    {
        var zone = new Zone { ["mail.example.com"] = ["TXT v=spf1 exists:%{l}.%{o}.%{h} -all"], ["postmaster.mail.example.com.mail.example.com"] = ["A 127.0.0.2"] };
        var verdict = await zone.CheckAsync("192.0.2.1", "", "mail.example.com");
        Assert.Equal((SpfResult.Pass, "mail.example.com", true), (verdict.Result, verdict.Domain, verdict.FromHelo));
    }

    [Fact]
    public async Task Ipv6_and_mapped_ipv4()
    {
        var zone = new Zone
        {
            ["example.com"] = ["TXT v=spf1 ip6:2001:db8:1::/48 a:six.example.com//64 ip4:192.0.2.0/25 -all"],
            ["six.example.com"] = ["AAAA 2001:db8:2::1"],
        };
        Assert.Equal(SpfResult.Pass, await zone.ResultAsync("2001:db8:1:ffff::9"));
        Assert.Equal(SpfResult.Fail, await zone.ResultAsync("2001:db8:3::9"));
        Assert.Equal(SpfResult.Pass, await zone.ResultAsync("2001:db8:2::ffff"));
        Assert.Equal(SpfResult.Fail, await zone.ResultAsync("2001:db8:2:1::1"));
        Assert.Equal(SpfResult.Pass, await zone.ResultAsync("::ffff:192.0.2.127"));
        Assert.Equal(SpfResult.Fail, await zone.ResultAsync("::ffff:192.0.2.128"));
    }

    [Theory]
    [InlineData("v=spf1 +all", SpfResult.Pass)]
    [InlineData("v=spf1 -all", SpfResult.SoftFail)]
    [InlineData("v=spf1 ?all", SpfResult.SoftFail)]
    [InlineData("v=spf1 nonsense", SpfResult.PermError)]
    [InlineData("unrelated", SpfResult.PermError)]
    public async Task Include(string included, SpfResult expected)
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 include:other.example ~all"], ["other.example"] = [$"TXT {included}"] };
        Assert.Equal(expected, await zone.ResultAsync("192.0.2.1"));
    }

    [Theory]
    [InlineData("v=spf1 include:down.example -all")]
    [InlineData("v=spf1 a:down.example -all")]
    [InlineData("v=spf1 mx:down.example -all")]
    [InlineData("v=spf1 exists:down.example -all")]
    [InlineData("v=spf1 redirect=down.example")]
    [InlineData("v=spf1 mx:half.example -all")]
    public async Task Dns_that_does_not_answer_is_temporary(string record)
    {
        var zone = new Zone { ["example.com"] = [$"TXT {record}"], ["down.example"] = ["FAIL"], ["half.example"] = ["MX down.example"] };
        Assert.Equal(SpfResult.TempError, await zone.ResultAsync("192.0.2.1"));
    }

    [Fact]
    public async Task Ptr_without_an_answer_only_does_not_match()
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 ptr ~all"], ["192.0.2.1"] = ["FAIL"] };
        Assert.Equal(SpfResult.SoftFail, await zone.ResultAsync("192.0.2.1"));
    }

    [Fact]
    public async Task Redirect_counts_only_without_all_and_needs_a_record()
    {
        var zone = new Zone
        {
            ["example.com"] = ["TXT v=spf1 redirect=other.example ?all"],
            ["two.example"] = ["TXT v=spf1 redirect=nowhere.example"],
            ["other.example"] = ["TXT v=spf1 -all"],
        };
        Assert.Equal(SpfResult.Neutral, await zone.ResultAsync("192.0.2.1"));
        Assert.Equal(SpfResult.PermError, await zone.ResultAsync("192.0.2.1", "u@two.example"));
    }

    [Fact]
    public async Task Ten_terms_may_ask_and_no_more()
    {
        var zone = new Zone { ["host.example"] = ["A 192.0.2.99"] };
        zone["example.com"] = [$"TXT v=spf1{string.Concat(Enumerable.Repeat(" a:host.example", 10))} +all"];
        Assert.Equal(SpfResult.Pass, await zone.ResultAsync("192.0.2.1"));
        zone["example.com"] = [$"TXT v=spf1{string.Concat(Enumerable.Repeat(" a:host.example", 11))} +all"];
        Assert.Equal(SpfResult.PermError, await zone.ResultAsync("192.0.2.1"));
    }

    [Fact]
    public async Task Terms_of_includes_count_and_loops_end()
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 include:example.com -all"], ["loop.example"] = ["TXT v=spf1 redirect=loop.example"] };
        Assert.Equal(SpfResult.PermError, await zone.ResultAsync("192.0.2.1"));
        Assert.Equal(SpfResult.PermError, await zone.ResultAsync("192.0.2.1", "u@loop.example"));
    }

    [Fact]
    public async Task Two_look_ups_may_find_nothing()
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 a:x.example mx:y.example +all"] };
        Assert.Equal(SpfResult.Pass, await zone.ResultAsync("192.0.2.1"));
        zone["example.com"] = ["TXT v=spf1 a:x.example mx:y.example exists:z.example +all"];
        Assert.Equal(SpfResult.PermError, await zone.ResultAsync("192.0.2.1"));
    }

    [Fact]
    public async Task Ten_exchanges_may_be_asked_and_no_more()
    {
        var zone = new Zone { ["m.example"] = ["A 192.0.2.1"] };
        zone["example.com"] = ["TXT v=spf1 mx -all", .. Enumerable.Repeat("MX m.example", 10)];
        Assert.Equal(SpfResult.Pass, await zone.ResultAsync("192.0.2.1"));
        zone["example.com"] = ["TXT v=spf1 mx -all", .. Enumerable.Repeat("MX m.example", 11)];
        Assert.Equal(SpfResult.PermError, await zone.ResultAsync("192.0.2.1"));
    }

    [Fact]
    public async Task Ten_names_of_an_address_are_looked_at()
    {
        string[] others = [.. Enumerable.Range(0, 10).Select(static i => $"PTR h{i}.other.example")];
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 ptr -all"], ["mail.example.com"] = ["A 192.0.2.1"], ["192.0.2.1"] = [.. others[..9], "PTR mail.example.com"] };
        Assert.Equal(SpfResult.Pass, await zone.ResultAsync("192.0.2.1"));
        zone["192.0.2.1"] = [.. others, "PTR mail.example.com"];
        Assert.Equal(SpfResult.Fail, await zone.ResultAsync("192.0.2.1"));
    }

    [Fact]
    public async Task Mx_does_not_fall_back_to_the_address_and_exists_asks_ipv4_of_ipv6_clients()
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 mx exists:here.example -all", "A 192.0.2.1"] };
        Assert.Equal(SpfResult.Fail, await zone.ResultAsync("192.0.2.1"));
        zone["here.example"] = ["A 127.0.0.2"];
        Assert.Equal(SpfResult.Pass, await zone.ResultAsync("2001:db8::1"));
    }

    [Fact]
    public async Task The_explanation_is_that_of_the_record_that_decided()
    {
        var zone = new Zone
        {
            ["example.com"] = ["TXT v=spf1 include:inner.example -all exp=why.example"],
            ["inner.example"] = ["TXT v=spf1 -ip4:192.0.2.9 exp=inner-why.example"],
            ["why.example"] = ["TXT %{i} may not send as %{s}: see http://%{d}/why"],
            ["inner-why.example"] = ["TXT inner"],
            ["redirecting.example"] = ["TXT v=spf1 redirect=example.com exp=inner-why.example"],
        };
        Assert.Equal("192.0.2.9 may not send as u@example.com: see http://example.com/why", (await zone.CheckAsync("192.0.2.9", "u@example.com")).Explanation);
        Assert.Equal("192.0.2.9 may not send as u@redirecting.example: see http://example.com/why", (await zone.CheckAsync("192.0.2.9", "u@redirecting.example")).Explanation);
    }

    [Theory]
    [InlineData("FAIL")]
    [InlineData("TXT one;TXT two")]
    [InlineData("TXT %{nonsense")]
    [InlineData("A 192.0.2.1")]
    [InlineData("TXT häh")]
    public async Task A_bad_explanation_is_none(string lines)
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 -all exp=why.example"], ["why.example"] = lines.Split(';') };
        var verdict = await zone.CheckAsync("192.0.2.9", "u@example.com");
        Assert.Equal((SpfResult.Fail, null), (verdict.Result, verdict.Explanation));
    }
}
