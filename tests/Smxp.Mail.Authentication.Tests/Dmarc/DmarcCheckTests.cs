using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Dmarc;
using Smxp.Mail.Authentication.PublicSuffix;
using Smxp.Mail.Authentication.Spf;

namespace Smxp.Mail.Authentication.Tests.Dmarc;

public sealed class DmarcCheckTests
{
    private static readonly SpfVerdict NoSpf = new(SpfResult.None, "");

    private readonly Zone _zone = new()
    {
        ["_dmarc.example.com"] = ["TXT unrelated", "TXT v=DMARC1; p=reject; sp=quarantine"],
        ["_dmarc.own.example.com"] = ["TXT v=DMARC1; p=none"],
        ["_dmarc.strict.example"] = ["TXT v=DMARC1; p=reject; adkim=s; aspf=s"],
        ["_dmarc.twice.example"] = ["TXT v=DMARC1; p=reject", "TXT v=DMARC1; p=none"],
        ["_dmarc.down.example"] = ["FAIL"],
        ["_dmarc.co.uk"] = ["TXT v=DMARC1; p=reject"],
    };

    [Theory]
    [InlineData("example.com", "example.com", DmarcPolicy.Reject)]
    [InlineData("sub.example.com", "example.com", DmarcPolicy.Quarantine)]
    [InlineData("a.b.c.example.com", "example.com", DmarcPolicy.Quarantine)]
    [InlineData("own.example.com", "own.example.com", DmarcPolicy.None)]
    [InlineData("EXAMPLE.com.", "example.com", DmarcPolicy.Reject)]
    public async Task Finds_the_policy_of_the_domain_or_of_its_organisation(string from, string policyDomain, DmarcPolicy policy)
    {
        var verdict = await CheckAsync([from], NoSpf);
        Assert.Equal((DmarcResult.Fail, policyDomain, policy, policy), (verdict.Result, verdict.PolicyDomain, verdict.Policy, verdict.Disposition));
    }

    [Theory]
    [InlineData("nothing.example")]
    [InlineData("twice.example")]
    [InlineData("shop.co.uk")]
    public async Task Without_one_record_there_is_no_policy(string from) => Assert.Equal((DmarcResult.None, DmarcPolicy.None), await OutcomeAsync(from, NoSpf));

    [Fact]
    public async Task Dns_that_does_not_answer_is_temporary()
    {
        Assert.Equal((DmarcResult.TempError, DmarcPolicy.None), await OutcomeAsync("down.example", NoSpf));
        Assert.Equal((DmarcResult.TempError, DmarcPolicy.None), await OutcomeAsync("sub.down.example", NoSpf));
        Assert.Equal((DmarcResult.TempError, DmarcPolicy.None), await OutcomeAsync("example.com", new(SpfResult.TempError, "example.com")));
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.Reject), await OutcomeAsync("example.com", new(SpfResult.TempError, "other.example")));
    }

    [Theory]
    [InlineData("example.com", "example.com", true)]
    [InlineData("example.com", "mail.example.com", true)]
    [InlineData("sub.example.com", "example.com", true)]
    [InlineData("example.com", "badexample.com", false)]
    [InlineData("strict.example", "strict.example", true)]
    [InlineData("strict.example", "mail.strict.example", false)]
    public async Task Alignment(string from, string identifier, bool aligned)
    {
        var expected = aligned ? DmarcResult.Pass : DmarcResult.Fail;
        Assert.Equal(expected, (await OutcomeAsync(from, new(SpfResult.Pass, identifier))).Result);
        Assert.Equal(expected, (await OutcomeAsync(from, NoSpf, Signed(identifier))).Result);
        Assert.Equal(DmarcResult.Fail, (await OutcomeAsync(from, new(SpfResult.SoftFail, identifier), Signed(identifier) with { Result = DkimResult.Fail })).Result);
    }

    [Fact]
    public async Task Of_several_authors_the_worst_counts()
    {
        Assert.Equal(DmarcPolicy.Reject, (await CheckAsync(["own.example.com", "example.com"], NoSpf)).Disposition);
        Assert.Equal(DmarcPolicy.Reject, (await CheckAsync(["attacker.example", "strict.example"], new(SpfResult.Pass, "attacker.example"))).Disposition);
        Assert.Equal(DmarcResult.Pass, (await CheckAsync(["example.com", "example.com"], new(SpfResult.Pass, "example.com"))).Result);
    }

    [Fact]
    public async Task Of_a_crowd_of_authors_few_are_asked_about_and_none_is_vouched_for()
    {
        string[] crowd = [.. Enumerable.Range(0, 1000).Select(static number => $"author{number}.example")];
        Assert.Equal((DmarcResult.PermError, DmarcPolicy.None), Outcome(await CheckAsync(["own.example.com", .. crowd], new(SpfResult.Pass, "own.example.com"))));
        Assert.InRange(_zone.Asked.Count, 1, 20);
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.Reject), Outcome(await CheckAsync(["example.com", .. crowd], NoSpf)));
    }

    [Fact]
    public async Task Several_From_fields_never_pass() =>
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.Reject), Outcome(await CheckAsync(["example.com"], new(SpfResult.Pass, "example.com"), fields: 2)));

    [Theory]
    [InlineData("[192.0.2.1]")]
    [InlineData("a..b")]
    [InlineData("")]
    public async Task An_author_without_a_domain_is_an_error(string from)
    {
        Assert.Equal(DmarcResult.PermError, (await CheckAsync([from], NoSpf)).Result);
        Assert.Equal(DmarcResult.PermError, (await CheckAsync([], NoSpf)).Result);
    }

    [Theory]
    [InlineData("reject", 29, DmarcPolicy.Reject)]
    [InlineData("reject", 30, DmarcPolicy.Quarantine)]
    [InlineData("quarantine", 29, DmarcPolicy.Quarantine)]
    [InlineData("quarantine", 30, DmarcPolicy.None)]
    [InlineData("none", 30, DmarcPolicy.None)]
    public async Task A_sample_is_treated_and_the_rest_more_mildly(string policy, int drawn, DmarcPolicy expected)
    {
        _zone["_dmarc.sampled.example"] = [$"TXT v=DMARC1; p={policy}; pct=30"];
        var verdict = await CheckAsync(["sampled.example"], NoSpf, random: most => most == 100 ? drawn : throw new ArgumentOutOfRangeException(nameof(most)));
        Assert.Equal((DmarcResult.Fail, expected), Outcome(verdict));
        Assert.Equal(expected.ToString().Equals(policy, StringComparison.OrdinalIgnoreCase), verdict.Override is null);
    }

    [Fact]
    public async Task Unicode_domains_are_asked_by_their_a_labels()
    {
        _zone["_dmarc.xn--bcher-kva.example"] = ["TXT v=DMARC1; p=reject"];
        var verdict = await CheckAsync(["Bücher.example"], new(SpfResult.Pass, "xn--bcher-kva.example"));
        Assert.Equal((DmarcResult.Pass, "xn--bcher-kva.example"), (verdict.Result, verdict.Domain));
    }

    private static DkimVerdict Signed(string domain) => new(DkimResult.Pass, domain, "sel", $"@{domain}", "rsa-sha256", "AAAAAAAA");

    private static (DmarcResult Result, DmarcPolicy Disposition) Outcome(DmarcVerdict verdict) => (verdict.Result, verdict.Disposition);

    private async Task<(DmarcResult Result, DmarcPolicy Disposition)> OutcomeAsync(string from, SpfVerdict spf, params DkimVerdict[] dkim) => Outcome(await CheckAsync([from], spf, dkim));

    private Task<DmarcVerdict> CheckAsync(string[] from, SpfVerdict spf, DkimVerdict[]? dkim = null, int fields = 1, Func<int, int>? random = null) =>
        new DmarcCheck(_zone, PublicSuffixList.Shipped, random ?? (static _ => 0)).RunAsync(from, fields, spf, dkim ?? [], CancellationToken.None);
}
