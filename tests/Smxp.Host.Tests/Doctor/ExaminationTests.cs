using Smxp.Client.Admin;
using Smxp.Host.Doctor;
using Smxp.Protocol;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Host.Tests.Doctor;

/// <summary>The doctor, the real server and the real resolver, with names that are right, missing and wrong.</summary>
public sealed class ExaminationTests(DoctorServer fixture) : IClassFixture<DoctorServer>
{
    private const ushort Txt = 16, Mx = 15, Ptr = 12, Svcb = 64;

    [Fact]
    public async Task Finds_nothing_wrong_where_all_is_published()
    {
        using var dns = new TestDnsServer(await fixture.RightZoneAsync());
        var found = await fixture.ExamineAsync(dns);
        string[] well = ["SVCB", "Key", "SMXP port", "MX", "SMTP", "Reverse DNS", "SPF", "DKIM", "DMARC", "TLSRPT", "Clock", "Queue"];
        Assert.All(well, check => Assert.True(found[check] is { Verdict: Verdict.Ok, Remedies.Count: 0 }, $"{check}: {found[check].Detail}"));
        // The test's certificate is good for a week.
        Assert.Equal((Verdict.Warning, "it expires in 6 days"), (found["Certificate"].Verdict, found["Certificate"].Detail));
        Assert.StartsWith("220 mx.example.test", found["SMTP"].Detail, StringComparison.Ordinal);
        // Nobody serves the policy that the record promises.
        Assert.Equal((Verdict.Failure, true), (found["MTA-STS"].Verdict, found["MTA-STS"].Remedies[0].Contains("https://mta-sts.example.test/.well-known/mta-sts.txt", StringComparison.Ordinal)));
        Assert.Equal((Verdict.Warning, "Have somebody read it: route add postmaster@example.test SOMEBODY@example.test"), (found["Postmaster"].Verdict, Assert.Single(found["Postmaster"].Remedies)));
        Assert.Equal(well.Length + 3, found.Count);
    }

    [Fact]
    public async Task Asks_the_mail_server_whether_somebody_is_postmaster()
    {
        using var dns = new TestDnsServer(await fixture.RightZoneAsync());
        using var somebody = await fixture.Server.SignInNewAsync("somebody@example.test");
        var route = await fixture.Client.Admin.Routes.AddAsync(new NewRoute { Domain = DoctorServer.Domain, Pattern = "postmaster", TargetAddress = "somebody@example.test" }, CancellationToken.None);
        var found = await fixture.ExamineAsync(dns);
        await fixture.Client.Admin.Routes.DeleteAsync(route.Id, CancellationToken.None);
        Assert.Equal((Verdict.Ok, "postmaster@example.test is taken"), (found["Postmaster"].Verdict, found["Postmaster"].Detail));
    }

    [Fact]
    public async Task Says_which_records_are_missing_as_a_zone_file_has_them()
    {
        using var dns = new TestDnsServer(new TestZone());
        var found = await fixture.ExamineAsync(dns);
        string[] broken = ["SVCB", "Key", "SMXP port", "Certificate", "MX", "SMTP", "Reverse DNS", "SPF", "DKIM", "DMARC"];
        Assert.All(broken, check => Assert.Equal((check, Verdict.Failure), (check, found[check].Verdict)));
        Assert.Equal((Verdict.Warning, Verdict.Warning), (found["MTA-STS"].Verdict, found["TLSRPT"].Verdict));
        Assert.StartsWith("_smxp.example.test. IN SVCB 1 gw.example.test. ", Assert.Single(found["SVCB"].Remedies), StringComparison.Ordinal);
        Assert.All(found["Key"].Remedies, static remedy => Assert.StartsWith("_smxpkey.example.test. IN TXT \"v=SMXP1; k=", remedy, StringComparison.Ordinal));
        Assert.Equal(2, found["Key"].Remedies.Count);
        Assert.Equal(["example.test. IN MX 10 mx.example.test."], found["MX"].Remedies);
        Assert.Equal(["example.test. IN TXT \"v=spf1 mx -all\""], found["SPF"].Remedies);
        Assert.Equal(2, found["DKIM"].Remedies.Count);
        Assert.All(found["DKIM"].Remedies, static remedy => Assert.Matches("^s\\d{8}-(rsa|ed25519)\\._domainkey\\.example\\.test\\. IN TXT \"v=DKIM1; k=", remedy));
        Assert.Equal(["_dmarc.example.test. IN TXT \"v=DMARC1; p=quarantine\""], found["DMARC"].Remedies);
        Assert.Equal(["_smtp._tls.example.test. IN TXT \"v=TLSRPTv1; rua=mailto:postmaster@example.test\""], found["TLSRPT"].Remedies);
        Assert.Equal((Verdict.Ok, Verdict.Ok), (found["Clock"].Verdict, found["Queue"].Verdict));
    }

    [Fact]
    public async Task Tells_what_is_wrong_from_what_is_missing()
    {
        TestZone zone = await fixture.RightZoneAsync();
        zone.Remove("_smxp.example.test", Svcb);
        zone.Service("_smxp.example.test", "1 old.example.test. port=7777");
        zone.Remove("_smxpkey.example.test", Txt);
        zone.Text("_smxpkey.example.test", $"v=SMXP1; k=ML-DSA-65; kid=old; fp=sha256:{Fingerprint.Of(new byte[32])}");
        zone.Remove("example.test", Mx);
        zone.Exchange("example.test", 10, "mail.elsewhere.test");
        zone.Text("example.test", "v=spf1 -all");
        zone.Text("_dmarc.example.test", "v=DMARC1; p=none");
        zone.Remove("1.0.0.127.in-addr.arpa", Ptr);
        zone.Pointer("1.0.0.127.in-addr.arpa", "nowhere.test");
        using var dns = new TestDnsServer(zone);
        var found = await fixture.ExamineAsync(dns);
        Assert.Contains("it leads elsewhere: 1 old.example.test.", found["SVCB"].Detail, StringComparison.Ordinal);
        Assert.Contains("2 of 2 key records are missing or wrong", found["Key"].Detail, StringComparison.Ordinal);
        Assert.Equal((Verdict.Warning, true), (found["MX"].Verdict, found["MX"].Detail.StartsWith("mail goes elsewhere: mail.elsewhere.test", StringComparison.Ordinal)));
        Assert.Equal((Verdict.Failure, "there are 2 SPF records, which counts as an error (RFC 7208 §4.5)"), (found["SPF"].Verdict, found["SPF"].Detail));
        Assert.Equal((Verdict.Failure, "there are 2 DMARC records, so none counts (RFC 7489 §6.6.3)"), (found["DMARC"].Verdict, found["DMARC"].Detail));
        Assert.Contains("nowhere.test, which does not lead back to it", found["Reverse DNS"].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ok", "_smxp.example.test leads to gw.example.test, port {0} (by hosting.test, pool.hosting.test)", "hosting.test", "0 pool.hosting.test.", "pool.hosting.test", "1 gw.example.test. port={0}")]
    [InlineData("Failure", "it leads elsewhere (by hosting.test): 1 other.hosting.test. port=7777", "hosting.test", "1 other.hosting.test. port=7777")]
    [InlineData("Failure", "it leads elsewhere (by hosting.test): 1 hosting.test.")]
    [InlineData("Failure", "hosting.test says that there is no service", "hosting.test", "0 .")]
    [InlineData("Failure", "the aliases at _smxp.example.test form a loop, or are more than 8 in a row", "hosting.test", "0 pool.hosting.test.", "pool.hosting.test", "0 hosting.test.")]
    public async Task Follows_an_alias(string verdict, string detail, params string[] records)
    {
        string port = fixture.TlsPort.ToString(System.Globalization.CultureInfo.InvariantCulture);
        TestZone zone = await fixture.RightZoneAsync();
        zone.Remove("_smxp.example.test", Svcb);
        zone.Service("_smxp.example.test", "0 hosting.test.");
        for (int i = 0; i < records.Length; i += 2) zone.Service(records[i], records[i + 1].Replace("{0}", port, StringComparison.Ordinal));
        using var dns = new TestDnsServer(zone);
        var found = (await fixture.ExamineAsync(dns))["SVCB"];
        Assert.Equal((verdict, detail.Replace("{0}", port, StringComparison.Ordinal)), (found.Verdict.ToString(), found.Detail));
    }

    [Fact]
    public async Task Follows_no_more_than_eight_aliases()
    {
        TestZone zone = await fixture.RightZoneAsync();
        var right = zone.Find("_smxp.example.test", Svcb)[0].Data;
        zone.Remove("_smxp.example.test", Svcb);
        zone.Service("_smxp.example.test", "0 a1.test.");
        for (int i = 1; i < 7; i++) zone.Service($"a{i}.test", $"0 a{i + 1}.test.");
        zone.Raw("a7.test", Svcb, right);
        using (var dns = new TestDnsServer(zone)) Assert.Equal(Verdict.Ok, (await fixture.ExamineAsync(dns))["SVCB"].Verdict);
        zone.Remove("a7.test", Svcb);
        zone.Service("a7.test", "0 a8.test.").Raw("a8.test", Svcb, right);
        using (var dns = new TestDnsServer(zone)) Assert.Equal(Verdict.Failure, (await fixture.ExamineAsync(dns))["SVCB"].Verdict);
    }

    [Theory]
    [InlineData("v=spf1 +all", "Failure", "it lets everybody send in the domain's name (+all)")]
    [InlineData("v=spf1 ip4:192.0.2.1 -all", "Warning", "'v=spf1 ip4:192.0.2.1 -all' does not name mx; right only where something else in it covers this server")]
    [InlineData("v=spf1 include:_spf.example.test +mx ~all", "Ok", "v=spf1 include:_spf.example.test +mx ~all")]
    [InlineData("v=spf10 mx -all", "Failure", "there is no SPF record")]
    public async Task Reads_what_SPF_says(string record, string verdict, string detail)
    {
        using var dns = new TestDnsServer(new TestZone().Text("example.test", record));
        var spf = (await fixture.ExamineAsync(dns))["SPF"];
        Assert.Equal((verdict, detail), (spf.Verdict.ToString(), spf.Detail));
    }

    [Fact]
    public async Task Compares_the_keys_that_a_bridge_signs_with()
    {
        WantedRecord[] keys = [new("s1._domainkey.example.test", "TXT", $"v=DKIM1; k=rsa; p={new string('A', 300)}", "dkim"), new("s2._domainkey.example.test", "TXT", "v=DKIM1; k=ed25519; p=BBBB", "dkim")];
        using var dns = new TestDnsServer(new TestZone().Text("s1._domainkey.example.test", "k=rsa; p=" + new string('A', 150), " " + new string('A', 150)).Text("s2._domainkey.example.test", "v=DKIM1; p="));
        var dkim = (await fixture.ExamineAsync(dns, patient => patient with { Wanted = keys }))["DKIM"];
        Assert.Equal((Verdict.Failure, "1 of 2 keys are not published: mail signed with them does not verify"), (dkim.Verdict, dkim.Detail));
        Assert.Equal(["s2._domainkey.example.test. IN TXT \"v=DKIM1; k=ed25519; p=BBBB\""], dkim.Remedies);
        Assert.Contains("\" \"", keys[0].ToZone(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_keys_that_wait_for_their_records_break_nothing()
    {
        WantedRecord[] keys = [new("s1._domainkey.example.test", "TXT", "v=DKIM1; k=ed25519; p=AAAA", "dkim"), new("s2._domainkey.example.test", "TXT", "v=DKIM1; k=ed25519; p=BBBB", "dkim-next")];
        var zone = new TestZone().Text("s1._domainkey.example.test", "v=DKIM1; k=ed25519; p=AAAA");
        using var dns = new TestDnsServer(zone);
        var dkim = (await fixture.ExamineAsync(dns, patient => patient with { Wanted = keys }))["DKIM"];
        Assert.Equal((Verdict.Warning, "1 new keys are not published: until they are, the old ones sign"), (dkim.Verdict, dkim.Detail));
        Assert.Equal(["s2._domainkey.example.test. IN TXT \"v=DKIM1; k=ed25519; p=BBBB\""], dkim.Remedies);

        using var later = new TestDnsServer(zone.Text("s2._domainkey.example.test", "v=DKIM1; k=ed25519; p=BBBB"));
        Assert.Equal(Verdict.Ok, (await fixture.ExamineAsync(later, patient => patient with { Wanted = keys }))["DKIM"].Verdict);
    }

    [Fact]
    public async Task A_name_server_that_says_nothing_is_no_proof()
    {
        using var dns = new TestDnsServer(new TestZone()) { Mangle = static _ => null };
        var found = await fixture.ExamineAsync(dns, seconds: 60);
        Assert.All(["SVCB", "Key", "MX", "SPF"], check => Assert.True(found[check].Verdict == Verdict.Warning && found[check].Detail.StartsWith("DNS did not answer", StringComparison.Ordinal), found[check].Detail));
    }

    [Fact]
    public async Task The_command_prints_it_and_answers_the_shell()
    {
        using var dns = new TestDnsServer(await fixture.RightZoneAsync());
        string[] more = ["--admin-secret", TestServer.AdminSecret, "--server", fixture.Server.BaseAddress.ToString(), "--authorities", fixture.Authorities, "--dns", dns.Address];
        var (code, output, error) = await TestServerProcess.RunAsync(["doctor", "example.test", .. more]);
        Assert.Equal("", error);
        Assert.Contains("  ok       SVCB         _smxp.example.test leads to gw.example.test", output, StringComparison.Ordinal);
        // Nothing listens at port 25 of this machine, or nothing of ours.
        Assert.Equal(1, code);

        (code, output, _) = await TestServerProcess.RunAsync(["doctor", "--json", .. more]);
        using var report = System.Text.Json.JsonDocument.Parse(output);
        var key = report.RootElement.GetProperty("checks").EnumerateArray().Single(static check => check.GetProperty("check").GetString() == "Key");
        Assert.Equal((1, "example.test", "ok"), (code, key.GetProperty("domain").GetString(), key.GetProperty("result").GetString()));

        Assert.Equal(2, (await TestServerProcess.RunAsync(["doctor", "example.test", "--admin-secret", TestServer.AdminSecret, "--server", fixture.Server.BaseAddress.ToString(), "--dns", "nowhere"])).ExitCode);
        Assert.Equal(1, (await TestServerProcess.RunAsync(["doctor", "unknown.test", .. more])).ExitCode);
    }

    [Fact]
    public async Task A_domain_that_is_well_is_exit_code_0()
    {
        using var well = new DoctorServer { HasMail = false };
        await well.InitializeAsync();
        using var dns = new TestDnsServer(await well.RightZoneAsync());
        var (code, output, error) = await TestServerProcess.RunAsync(
            "doctor", "--admin-secret", TestServer.AdminSecret, "--server", well.Server.BaseAddress.ToString(), "--authorities", well.Authorities, "--dns", dns.Address);
        Assert.True(code == 0, $"{output}\n{error}");
        Assert.Contains("  skipped  MX           no bridge takes mail", output, StringComparison.Ordinal);
        await well.DisposeAsync();
    }
}
