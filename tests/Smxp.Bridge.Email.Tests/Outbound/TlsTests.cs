using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Smxp.Bridge.Email.Outbound;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Tests.Outbound;

/// <summary>What is demanded of TLS, and what happens where it is not to be had: towards real servers with real certificates.</summary>
public sealed class TlsTests : IAsyncLifetime, IDisposable
{
    private readonly OutboundWorld _world = OutboundWorld.Start();
    private readonly TestCertificates _certificates = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Without_a_policy_any_certificate_will_do()
    {
        var server = Server(1, "somebody-else.test");
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.True(Assert.Single(server.Mails).Encrypted);
    }

    [Fact]
    public async Task Without_a_policy_a_failed_handshake_falls_back_to_plain_text()
    {
        var server = Server(1, "mx1.far.test");
        server.Answer = static line => line == "STARTTLS" ? "220 go on\r\nthis is no TLS" : null;
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.False(Assert.Single(server.Mails).Encrypted);
    }

    [Theory]
    [InlineData("mx1.far.test", true, null)]
    [InlineData("other.test", true, "mx1.far.test: its certificate is not valid for mx1.far.test, and the domain's MTA-STS policy demands valid TLS")]
    [InlineData("mx1.far.test", false, "mx1.far.test: its certificate is of no trusted authority, and the domain's MTA-STS policy demands valid TLS")]
    [InlineData(null, true, "mx1.far.test: it does not offer TLS, and the domain's MTA-STS policy demands valid TLS")]
    public async Task An_enforced_sts_policy_demands_a_valid_certificate(string? name, bool trusted, string? error)
    {
        var server = Server(1, name);
        if (trusted) _world.Trusted.Add(_certificates.Authority);
        Policy("enforce", "*.far.test");
        var result = await _world.SendAsync();
        Assert.Equal((error is null ? HandOverKind.Accepted : HandOverKind.Deferred, error), (result.Kind, result.Error));
        Assert.Equal(error is null, server.Mails.Any(static mail => mail.Encrypted));
        Assert.Equal(error is null ? 0 : 1, _world.Meters.Counted.Count(static name => name.StartsWith("smxp.mail.tls.failures far.test sts", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_sts_policy_that_is_only_tested_counts_and_lets_pass()
    {
        Server(1, "other.test");
        Policy("testing", "elsewhere.test");
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.Equal(
            ["smxp.mail.tls.failures far.test sts validation-failure", "smxp.mail.tls.failures far.test sts certificate-host-mismatch"],
            _world.Meters.Counted.Where(static name => name.StartsWith("smxp.mail.tls", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_the_sts_policy_does_not_name_is_passed_over()
    {
        var stranger = Server(1, "mx1.far.test");
        var named = Server(2, "mx2.far.test");
        _world.Trusted.Add(_certificates.Authority);
        Policy("enforce", "mx2.far.test");
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.Equal((0, 1), (stranger.Connections, named.Mails.Count));
    }

    [Fact]
    public async Task A_tlsa_record_takes_the_place_of_authorities_and_names()
    {
        _world.Dns.Authenticated = true;
        var server = Server(1, "other.test");
        Tlsa(1, 3, 1, 1, SHA256.HashData(server.Certificate!.PublicKey.ExportSubjectPublicKeyInfo()));
        // RFC 8461 §2: where both are there, DANE decides.
        Policy("enforce", "*.far.test");
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.True(Assert.Single(server.Mails).Encrypted);
    }

    [Fact]
    public async Task A_trust_anchor_may_stand_in_the_record()
    {
        _world.Dns.Authenticated = true;
        var server = Server(1, null);
        var (between, leaf) = _certificates.IssueBetween("mx1.far.test");
        server.Certificate = leaf;
        server.Issuers.Add(between);
        server.Issuers.Add(_certificates.Authority);
        Tlsa(1, 2, 0, 1, SHA256.HashData(between.RawData));
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
    }

    [Theory]
    [InlineData(true, "mx1.far.test: its certificate fits none of its TLSA records, and the server's TLSA records demand matching TLS (DANE)")]
    [InlineData(false, "mx1.far.test: it does not offer TLS, and the server's TLSA records demand matching TLS (DANE)")]
    public async Task A_record_that_fits_nothing_keeps_the_mail_back(bool tls, string error)
    {
        _world.Dns.Authenticated = true;
        var server = Server(1, tls ? "mx1.far.test" : null);
        Tlsa(1, 3, 1, 1, new byte[32]);
        var result = await _world.SendAsync();
        Assert.Equal((HandOverKind.Deferred, error), (result.Kind, result.Error));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Records_that_cannot_be_used_still_demand_tls()
    {
        _world.Dns.Authenticated = true;
        var plain = Server(1, null);
        var encrypted = Server(2, "other.test");
        Tlsa(1, 1, 1, 1, new byte[32]);
        Tlsa(2, 3, 1, 1, new byte[31]);
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.Empty(plain.Mails);
        Assert.True(Assert.Single(encrypted.Mails).Encrypted);
    }

    [Fact]
    public async Task Records_that_nobody_vouches_for_count_for_nothing()
    {
        var server = Server(1, null);
        Tlsa(1, 3, 1, 1, new byte[32]);
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task A_server_whose_records_cannot_be_asked_for_has_to_wait()
    {
        _world.Dns.Authenticated = true;
        _world.Dns.Broken.Add(DnsRecordType.Tlsa);
        var server = Server(1, "mx1.far.test");
        var result = await _world.SendAsync();
        Assert.Equal((HandOverKind.Deferred, "mx1.far.test: whether it has TLSA records (DANE) could not be found out: SERVFAIL"), (result.Kind, result.Error));
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData(true, true, HandOverKind.Accepted)]
    [InlineData(false, true, HandOverKind.Rejected)]
    [InlineData(true, false, HandOverKind.Deferred)]
    public async Task Requiretls_goes_only_where_it_is_promised(bool offered, bool trusted, HandOverKind expected)
    {
        var server = Server(1, "mx1.far.test");
        if (offered) server.Extensions = ["REQUIRETLS"];
        if (trusted) _world.Trusted.Add(_certificates.Authority);
        Assert.Equal(expected, (await _world.SendAsync(needs: MailNeeds.VerifiedTls)).Kind);
        Assert.Equal(expected == HandOverKind.Accepted, server.Commands.Contains("MAIL FROM:<alice@example.test> REQUIRETLS"));
    }

    [Fact]
    public async Task Connections_are_shared_only_among_mails_with_the_same_demands()
    {
        var server = Server(1, "mx1.far.test");
        server.Extensions = ["REQUIRETLS"];
        _world.Trusted.Add(_certificates.Authority);
        await _world.SendAsync();
        await _world.SendAsync(needs: MailNeeds.VerifiedTls);
        await _world.SendAsync();
        Assert.Equal((3, 2), (server.Mails.Count, server.Connections));
    }

    [Fact]
    public async Task A_smart_host_is_signed_in_to_with_what_it_offers()
    {
        await using var smartHost = new ForeignServer(_world.Settings.Port, "127.0.0.1") { Extensions = ["AUTH PLAIN LOGIN"] };
        smartHost.Answer = static line => line.StartsWith("AUTH", StringComparison.Ordinal) ? line == "AUTH PLAIN AHVzZXIAc2VjcmV0" ? "235 in" : "535 no" : null;
        _world.Settings.SmartHost = $"smtp://user:secret@127.0.0.1:{_world.Settings.Port}";
        Assert.Equal(HandOverKind.Accepted, (await _world.SendAsync()).Kind);
    }

    // The address is a stranger's to choose, and may be inside the operator's network.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fetches_no_issuer_from_where_a_certificate_says(bool enforced)
    {
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        var server = _world.Server(1);
        server.Certificate = _certificates.IssueWithAddress("mx1.far.test", $"http://{inside.LocalEndpoint}/issuer.cer");
        using var others = new TestCertificates("CN=Another authority");
        if (enforced)
        {
            _world.Trusted.Add(others.Authority);
            Policy("enforce", "mx1.far.test");
        }

        Assert.Equal(enforced ? HandOverKind.Deferred : HandOverKind.Accepted, (await _world.SendAsync()).Kind);
        Assert.False(inside.Pending());
    }

    private ForeignServer Server(int number, string? name)
    {
        var server = _world.Server(number);
        if (name is not null) server.Certificate = _certificates.Issue(name);
        return server;
    }

    private void Tlsa(int number, byte usage, byte selector, byte matching, byte[] association) =>
        _world.Dns.Add($"_{_world.Settings.Port}._tcp.mx{number}.far.test", DnsRecordType.Tlsa, new TlsaData(usage, selector, matching, association));

    private void Policy(string mode, string server)
    {
        _world.Dns.Add("_mta-sts.far.test", DnsRecordType.Txt, new TextData("v=STSv1; id=1;"));
        _world.Policies.Files["far.test"] = $"version: STSv1\r\nmode: {mode}\r\nmx: {server}\r\nmax_age: 86400\r\n";
    }
}
