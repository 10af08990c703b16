namespace Smxp.Bridge.Email.Tests;

public sealed class EmailSettingsTests
{
    [Fact]
    public void Takes_what_is_right()
    {
        var settings = new EmailSettings();
        Assert.Empty(settings.Validate());
        settings.Smtp = new SmtpSettings
        {
            Listen = ["0.0.0.0:25", "[::]:25"],
            ImplicitTlsListen = ["0.0.0.0:2465"],
            CertificateFile = "cert.pem",
            CertificateKeyFile = "key.pem",
            ProxyFrom = ["192.0.2.0/24", "2001:db8::/32"],
            XclientFrom = ["127.0.0.1/32"],
            NoRateLimitFor = [],
        };
        settings.Submission = new SubmissionSettings { Listen = ["0.0.0.0:587"], ImplicitTlsListen = ["0.0.0.0:465"], ProxyFrom = ["192.0.2.1/32"] };
        Assert.Empty(settings.Validate());
    }

    [Fact]
    public void A_certificate_s_names_are_both_there_or_left_out()
    {
        Assert.Equal(["Smtp:CertificateFile"], Problems("cert.pem", null));
        Assert.Equal(["Smtp:CertificateKeyFile"], Problems("cert.pem", ""));
        Assert.Equal(["Smtp:CertificateFile", "Smtp:CertificateKeyFile"], Problems("", ""));

        static IEnumerable<string> Problems(string? certificate, string? key) =>
            new EmailSettings { Smtp = new SmtpSettings { CertificateFile = certificate, CertificateKeyFile = key } }.Validate().Select(static problem => problem.Path);
    }

    [Fact]
    public void Names_every_problem_with_its_path()
    {
        var settings = new EmailSettings
        {
            Smtp = new SmtpSettings { Listen = ["127.0.0.1:2525", "nowhere"], ImplicitTlsListen = ["0.0.0.0:465"], ProxyFrom = ["192.0.2.0/24", "192.0.2.1/24"], XclientFrom = ["192.0.2.0/33"], NoRateLimitFor = ["here"] },
            Submission = new SubmissionSettings { Listen = ["127.0.0.1:2587", "0.0.0.0:587"], ImplicitTlsListen = ["127.0.0.1:2465"], ProxyFrom = [""], MaxMessageBytes = 1L << 30 },
        };
        Assert.Equal(
            [
                "Smtp:Listen:1", "Smtp:ProxyFrom:1", "Smtp:XclientFrom:0", "Smtp:NoRateLimitFor:0", "Smtp:ImplicitTlsListen",
                "Submission:ProxyFrom:0", "Submission:ImplicitTlsListen", "Submission:Listen:1", "Submission:MaxMessageBytes",
            ],
            settings.Validate().Select(static problem => problem.Path));
        Assert.Contains(settings.Validate(), static problem => problem.Problem.Contains("'192.0.2.1/24'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_puppet_domain_is_a_domain_of_its_own_and_names_whom_it_serves()
    {
        var settings = new EmailSettings { PuppetDomain = "gw.example", Puppets = new PuppetSettings { AllowFrom = ["other.test", "friend@third.test"] } };
        Assert.Empty(settings.Validate());
        settings.HybridDomains["gw.example"] = new HybridDomainSettings { LegacyServer = "smtp://old.example" };
        settings.Puppets.AllowFrom = ["Other.test", "*", "a@b@c", "@third.test"];
        Assert.Equal(["PuppetDomain", "Puppets:AllowFrom:0", "Puppets:AllowFrom:1", "Puppets:AllowFrom:2", "Puppets:AllowFrom:3"], settings.Validate().Select(static problem => problem.Path));
        settings.PuppetDomain = "GW.example.";
        Assert.Contains(settings.Validate(), static problem => problem.Path == "PuppetDomain");
        Assert.Equal("Puppets:AllowFrom", Assert.Single(new EmailSettings { Puppets = new PuppetSettings { AllowFrom = ["other.test"] } }.Validate()).Path);
    }

    [Theory]
    [InlineData("example.com", "smtp://old.example.com:25", null)]
    [InlineData("example.com", "smtps://gateway:secret@10.0.0.1", null)]
    [InlineData("Example.com", "smtp://old.example.com", "HybridDomains:Example.com")]
    [InlineData("bücher.example", "smtp://old.example.com", "HybridDomains:bücher.example")]
    [InlineData("example.com", "old.example.com", "HybridDomains:example.com:LegacyServer")]
    [InlineData("example.com", "", "HybridDomains:example.com:LegacyServer")]
    public void A_hybrid_domain_has_a_name_and_a_legacy_server(string domain, string server, string? problem)
    {
        var settings = new EmailSettings { HybridDomains = { [domain] = new HybridDomainSettings { LegacyServer = server } } };
        Assert.Equal(problem is null ? [] : new[] { problem }, settings.Validate().Select(static each => each.Path));
    }
}
