using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Dmarc;
using Smxp.Mail.Authentication.Dns;
using Smxp.Mail.Authentication.Results;
using Smxp.Mail.Authentication.Spf;

namespace Smxp.Mail.Authentication.Tests;

public sealed class MailAuthenticatorTests
{
    private static readonly byte[] Plain = AuthenticatorRun.Bytes("From: author@example.com\nSubject: x\n\nx\n");

    [Fact]
    public async Task An_aligned_spf_pass_is_told_in_one_header()
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 ip4:192.0.2.1 -all"], ["_dmarc.example.com"] = ["TXT v=DMARC1; p=reject"] };
        var found = await zone.EvaluateAsync(Plain, mailFrom: "bounce@example.com");
        Assert.Equal((SpfResult.Pass, "ip4:192.0.2.1", DmarcResult.Pass, DmarcPolicy.None), (found.Spf.Result, found.Spf.Mechanism, found.Dmarc.Result, found.Dmarc.Disposition));
        Assert.Empty(found.Dkim);
        Assert.Equal("mx.receiver.example;\r\n\tspf=pass smtp.mailfrom=bounce@example.com;\r\n\tdkim=none;\r\n\tdmarc=pass header.from=example.com policy.dmarc=reject;\r\n\tarc=none", found.ToResults("mx.receiver.example").ToString());
    }

    [Fact]
    public async Task A_forged_author_is_rejected_for_the_domains_reason()
    {
        var zone = new Zone { ["elsewhere.example"] = ["TXT v=spf1 +all"], ["_dmarc.example.com"] = ["TXT v=DMARC1; p=reject"] };
        var found = await zone.EvaluateAsync(Plain);
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.Reject), (found.Dmarc.Result, found.Dmarc.Disposition));
        Assert.Contains("example.com", found.Dmarc.Reason, StringComparison.Ordinal);
        Assert.True(AuthenticationResults.TryParse(found.ToResults("mx").ToString(), out var results));
        Assert.Equal("reject", Assert.Single(results.Results, static result => result.Method == "dmarc")["policy.dmarc"]);
    }

    [Fact]
    public async Task Two_From_fields_do_not_pass_even_if_the_caller_saw_one()
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 +all"], ["_dmarc.example.com"] = ["TXT v=DMARC1; p=quarantine"] };
        var found = await zone.EvaluateAsync([.. AuthenticatorRun.Bytes("From: other@example.net\n"), .. Plain], mailFrom: "a@example.com");
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.Quarantine), (found.Dmarc.Result, found.Dmarc.Disposition));
    }

    [Fact]
    public async Task No_question_is_asked_twice()
    {
        var zone = new Zone { ["example.com"] = ["TXT v=spf1 a a mx mx ptr ptr -all", "A 192.0.2.7", "MX example.com"] };
        await zone.EvaluateAsync(Plain, mailFrom: "a@example.com");
        Assert.Equal(zone.Asked.Distinct(), zone.Asked);
    }

    [Fact]
    public async Task When_time_is_up_everything_open_is_a_temporary_error()
    {
        var time = new FakeTimeProvider(AuthenticatorRun.Now);
        var dns = new Silence();
        var authenticator = new MailAuthenticator(dns, new AuthenticationOptions { AuthservId = "mx", DnsTimeout = TimeSpan.FromSeconds(20) }, time);
        var evaluation = authenticator.EvaluateAsync(Request(AuthenticatorRun.Sample("rfc8463-example.eml")), CancellationToken.None);
        await dns.Asked;
        Assert.False(evaluation.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(20));
        var found = await evaluation;
        Assert.Equal((SpfResult.TempError, DmarcResult.TempError, DmarcPolicy.None), (found.Spf.Result, found.Dmarc.Result, found.Dmarc.Disposition));
        Assert.Equal([DkimResult.TempError, DkimResult.TempError], found.Dkim.Select(static signature => signature.Result));
    }

    [Fact]
    public async Task Who_no_longer_waits_is_let_go()
    {
        var dns = new Silence();
        using var gone = new CancellationTokenSource();
        var evaluation = new MailAuthenticator(dns, new AuthenticationOptions { AuthservId = "mx" }, new FakeTimeProvider()).EvaluateAsync(Request(Plain), gone.Token);
        await dns.Asked;
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => evaluation);
    }

    private static AuthenticationRequest Request(byte[] message) => new()
    {
        Client = IPAddress.IPv6Loopback,
        Helo = "h.example",
        MailFrom = "a@example.com",
        HeaderFrom = ["a@example.com"],
        OpenMessage = _ => ValueTask.FromResult<Stream>(new MemoryStream(message)),
    };

    /// <summary>A resolver that never answers and does not heed being told to stop.</summary>
    private sealed class Silence : IMailDns
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public ValueTask<MailDnsAnswer<string>> TextAsync(string name, CancellationToken cancellationToken) => Never<string>();

        public ValueTask<MailDnsAnswer<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancellationToken) => Never<IPAddress>();

        public ValueTask<MailDnsAnswer<string>> ExchangesAsync(string name, CancellationToken cancellationToken) => Never<string>();

        public ValueTask<MailDnsAnswer<string>> NamesAsync(IPAddress address, CancellationToken cancellationToken) => Never<string>();

        private ValueTask<MailDnsAnswer<T>> Never<T>()
        {
            _asked.TrySetResult();
            return new(new TaskCompletionSource<MailDnsAnswer<T>>().Task);
        }
    }
}
