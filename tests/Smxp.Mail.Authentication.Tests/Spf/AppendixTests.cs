using Smxp.Mail.Authentication.Spf;

namespace Smxp.Mail.Authentication.Tests.Spf;

/// <summary>The examples of RFC 7208 appendix A, over its zones.</summary>
public sealed class AppendixTests
{
    private readonly Zone _zone = new()
    {
        ["example.com"] = ["MX mail-a.example.com", "MX mail-b.example.com", "A 192.0.2.10", "A 192.0.2.11"],
        ["amy.example.com"] = ["A 192.0.2.65"],
        ["bob.example.com"] = ["A 192.0.2.66"],
        ["mail-a.example.com"] = ["A 192.0.2.129"],
        ["mail-b.example.com"] = ["A 192.0.2.130"],
        ["example.org"] = ["MX mail-c.example.org"],
        ["mail-c.example.org"] = ["A 192.0.2.140"],
        ["192.0.2.10"] = ["PTR example.com"],
        ["192.0.2.11"] = ["PTR example.com"],
        ["192.0.2.65"] = ["PTR amy.example.com"],
        ["192.0.2.66"] = ["PTR bob.example.com"],
        ["192.0.2.129"] = ["PTR mail-a.example.com"],
        ["192.0.2.130"] = ["PTR mail-b.example.com"],
        ["192.0.2.140"] = ["PTR mail-c.example.org"],
        ["10.0.0.4"] = ["PTR bob.example.com"],
    };

    [Theory]
    [InlineData("v=spf1 +all", "192.0.2.10 192.0.2.65 10.0.0.4", "")]
    [InlineData("v=spf1 a -all", "192.0.2.10 192.0.2.11", "192.0.2.65 192.0.2.129")]
    [InlineData("v=spf1 a:example.org -all", "", "192.0.2.10 192.0.2.140")]
    [InlineData("v=spf1 mx -all", "192.0.2.129 192.0.2.130", "192.0.2.10 192.0.2.140")]
    [InlineData("v=spf1 mx:example.org -all", "192.0.2.140", "192.0.2.129")]
    [InlineData("v=spf1 mx mx:example.org -all", "192.0.2.129 192.0.2.130 192.0.2.140", "192.0.2.10")]
    [InlineData("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.128 192.0.2.131 192.0.2.140 192.0.2.143", "192.0.2.132 192.0.2.139")]
    [InlineData("v=spf1 ptr -all", "192.0.2.10 192.0.2.11 192.0.2.65 192.0.2.129", "192.0.2.140 10.0.0.4")]
    [InlineData("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.129 192.0.2.140", "192.0.2.65 192.0.2.144")]
    public async Task Simple_examples(string record, string passes, string fails)
    {
        _zone["example.com"] = [.. _zone["example.com"], $"TXT {record}"];
        foreach (string client in passes.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Assert.Equal(SpfResult.Pass, await _zone.ResultAsync(client));
        foreach (string client in fails.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Assert.Equal(SpfResult.Fail, await _zone.ResultAsync(client));
    }

    [Fact]
    public async Task Multiple_domains()
    {
        _zone["example.com"] = [.. _zone["example.com"], "TXT v=spf1 mx -all"];
        _zone["example.net"] = ["TXT v=spf1 a -all", "A 192.0.2.80"];
        _zone["example.org"] = [.. _zone["example.org"], "TXT v=spf1 include:example.com include:example.net -all"];
        _zone["la.example.org"] = ["TXT v=spf1 redirect=example.org"];
        foreach (string sender in new[] { "u@example.org", "u@la.example.org" })
        {
            Assert.Equal(SpfResult.Pass, await _zone.ResultAsync("192.0.2.129", sender));
            Assert.Equal(SpfResult.Pass, await _zone.ResultAsync("192.0.2.80", sender));
            Assert.Equal(SpfResult.Fail, await _zone.ResultAsync("192.0.2.10", sender));
        }
    }

    [Fact]
    public async Task Block_list_style()
    {
        _zone["example.com"] = ["TXT v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all"];
        _zone["mobile-users._spf.example.com"] = ["TXT v=spf1 exists:%{l1r+}.%{d}"];
        _zone["mary.mobile-users._spf.example.com"] = ["A 127.0.0.2"];
        _zone["fred.mobile-users._spf.example.com"] = ["A 127.0.0.2"];
        _zone["remote-users._spf.example.com"] = ["TXT v=spf1 exists:%{ir}.%{l1r+}.%{d}"];
        _zone["6.2.0.192.joel.remote-users._spf.example.com"] = ["A 127.0.0.2"];
        Assert.Equal(SpfResult.Pass, await _zone.ResultAsync("10.9.8.7", "mary@example.com"));
        Assert.Equal(SpfResult.Pass, await _zone.ResultAsync("10.9.8.7", "fred+list@example.com"));
        Assert.Equal(SpfResult.Pass, await _zone.ResultAsync("192.0.2.6", "joel@example.com"));
    }

    [Theory]
    [InlineData("192.0.2.65", SpfResult.Pass)]
    [InlineData("192.0.2.140", SpfResult.Fail)]
    [InlineData("10.0.0.4", SpfResult.Fail)]
    public async Task Multiple_requirements(string client, SpfResult expected)
    {
        _zone["example.com"] = [.. _zone["example.com"], "TXT v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all"];
        _zone["ip4._spf.example.com"] = ["TXT v=spf1 -ip4:192.0.2.0/24 +all"];
        _zone["ptr._spf.example.com"] = ["TXT v=spf1 -ptr:example.com +all"];
        Assert.Equal(expected, await _zone.ResultAsync(client));
    }
}
